package dev.kestrel.internal.protocol;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.internal.guard.TimeoutControl;

import org.jspecify.annotations.Nullable;

/**
 * What an HTTP engine is given for one connection.
 *
 * @param connection the connection, with the transport that middleware left on it
 * @param services what the server shares
 * @param timeouts the connection's clock
 * @param scheme {@code http} or {@code https}
 * @param rest lets the connection's thread end between requests; {@code null} when it has to stay
 */
public record HttpConnectionContext(
        ConnectionContext connection,
        HttpServices services,
        TimeoutControl timeouts,
        String scheme,
        @Nullable ConnectionRest rest) {}
