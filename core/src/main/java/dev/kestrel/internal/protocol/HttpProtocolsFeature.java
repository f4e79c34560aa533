package dev.kestrel.internal.protocol;

import dev.kestrel.options.HttpVersion;

import java.util.Set;

/**
 * What may be spoken on a connection, when that is not what its endpoint says: names of TLS may
 * have protocols of their own (the original's type of the same name).
 *
 * @param protocols at least one
 */
public record HttpProtocolsFeature(Set<HttpVersion> protocols) {}
