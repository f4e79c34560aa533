package dev.kestrel.internal.protocol;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.internal.guard.TimeoutControl;

/**
 * What an HTTP engine is given for one connection of many streams (the original's type of the same
 * name).
 *
 * @param connection the connection
 * @param services what the server shares
 * @param timeouts the connection's clock
 * @param scheme {@code https}
 */
public record HttpMultiplexedConnectionContext(
        MultiplexedConnectionContext connection,
        HttpServices services,
        TimeoutControl timeouts,
        String scheme) {}
