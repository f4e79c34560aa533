package dev.kestrel.server;

import dev.kestrel.connections.ConnectionMiddleware;
import dev.kestrel.internal.serving.LoggingConnectionMiddleware;

/**
 * Writes the bytes of connections into the log, both ways, as hexadecimal numbers and ASCII.
 *
 * <pre>{@code
 * builder.listenLocalhost(8080, endPoint -> endPoint.use(ConnectionLogging.create()));
 * }</pre>
 *
 * <p>It sees what passes its place in the pipeline: before a middleware that decrypts, encrypted
 * bytes; behind it, plain ones. Everything that clients send is in the log then, secrets too: this
 * is for finding faults.
 */
public final class ConnectionLogging {

    /** The name of the logger unless another is given. */
    public static final String LOGGER = "dev.kestrel.connections.bytes";

    private ConnectionLogging() {}

    /**
     * Makes the middleware.
     *
     * @return a step that logs to {@link #LOGGER} with level DEBUG; it costs nothing for
     *     connections that are accepted while that logger does not take the level
     */
    public static ConnectionMiddleware create() {
        return create(LOGGER);
    }

    /**
     * Makes the middleware with a logger of its own, to tell endpoints apart.
     *
     * @param logger the name of a {@link System.Logger}
     * @return a step that logs to it with level DEBUG
     */
    public static ConnectionMiddleware create(String logger) {
        return new LoggingConnectionMiddleware(System.getLogger(logger));
    }
}
