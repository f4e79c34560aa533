/**
 * TLS as a connection shows it: what was negotiated, what the client said first, and the engines
 * that do the work. What an endpoint is configured with is in {@code dev.kestrel.options}.
 *
 * <p>Here belongs what applications and other engines need to know; reading and writing records is
 * internal.
 */
@NullMarked
package dev.kestrel.connections.tls;

import org.jspecify.annotations.NullMarked;
