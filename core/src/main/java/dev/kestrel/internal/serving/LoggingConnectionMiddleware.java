package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.ConnectionMiddleware;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.MemoryPoolFeature;
import dev.kestrel.pipelines.MemoryPool;

import java.lang.System.Logger.Level;

/**
 * Writes the bytes of each connection into the log, both ways, while the logger takes level DEBUG.
 */
public final class LoggingConnectionMiddleware implements ConnectionMiddleware {

    private final System.Logger logger;

    /** Makes one that writes to a logger. */
    public LoggingConnectionMiddleware(System.Logger logger) {
        this.logger = logger;
    }

    @Override
    public void invoke(ConnectionContext connection, ConnectionDelegate next) throws Exception {
        if (!logger.isLoggable(Level.DEBUG)) {
            next.run(connection);
            return;
        }
        MemoryPoolFeature feature = connection.features().get(MemoryPoolFeature.class);
        MemoryPool pool = feature == null ? new MemoryPool() : feature.memoryPool();
        DuplexPipe inner = connection.transport();
        LoggingDuplexPipe decorated =
                new LoggingDuplexPipe(
                        inner,
                        pool,
                        (direction, bytes) -> log(connection.connectionId(), direction, bytes));
        connection.transport(decorated);
        try {
            next.run(connection);
        } finally {
            connection.transport(inner);
            decorated.release();
        }
    }

    private void log(String connectionId, String direction, byte[] bytes) {
        StringBuilder text =
                new StringBuilder(64 + bytes.length * 5)
                        .append("Connection ")
                        .append(connectionId)
                        .append(": ")
                        .append(direction)
                        .append('[')
                        .append(bytes.length)
                        .append(']');
        HexDump.append(text, bytes);
        logger.log(Level.DEBUG, text.toString());
    }
}
