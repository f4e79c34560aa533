package dev.kestrel.connections.multiplexed;

/**
 * A step of the pipeline of multiplexed connections, which sees each connection before and after
 * those that come later.
 */
@FunctionalInterface
public interface MultiplexedConnectionMiddleware {

    /**
     * Takes part in the life of a connection. It calls {@code next} once to go on, or not at all to
     * refuse.
     *
     * @param connection the connection
     * @param next the rest of the pipeline
     * @throws Exception what the rest of the pipeline threw, or this step's own failure
     */
    void invoke(MultiplexedConnectionContext connection, MultiplexedConnectionDelegate next)
            throws Exception;
}
