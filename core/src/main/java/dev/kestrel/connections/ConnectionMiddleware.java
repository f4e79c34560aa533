package dev.kestrel.connections;

/**
 * A step of a connection pipeline, which sees each connection before and after those that come
 * later.
 */
@FunctionalInterface
public interface ConnectionMiddleware {

    /**
     * Takes part in the life of a connection. It calls {@code next} once to go on, or not at all to
     * refuse.
     *
     * @param connection the connection; its transport may be replaced by a decorator before {@code
     *     next} runs
     * @param next the rest of the pipeline
     * @throws Exception what the rest of the pipeline threw, or this step's own failure
     */
    void invoke(ConnectionContext connection, ConnectionDelegate next) throws Exception;
}
