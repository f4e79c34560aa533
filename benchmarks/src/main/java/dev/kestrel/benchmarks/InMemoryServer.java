package dev.kestrel.benchmarks;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.guard.ResourceCounter;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.http1.Http1Connection;
import dev.kestrel.internal.protocol.DateHeaderValueManager;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpCounters;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.MemoryPool;

import java.io.IOException;
import java.time.Instant;

/** What connections of a server share, in its default configuration, without its threads. */
public final class InMemoryServer {

    private final MemoryPool pool = new MemoryPool();
    private final HttpServices services;

    public InMemoryServer() {
        KestrelServerOptions options = KestrelServerOptions.builder().build();
        services =
                new HttpServices(
                        options,
                        pool,
                        new DateHeaderValueManager(Instant.EPOCH),
                        new ResourceCounter(options.limits().maxConcurrentUpgradedConnections()),
                        new HttpCounters());
    }

    /** Where the server's memory comes from. */
    public MemoryPool pool() {
        return pool;
    }

    /** The {@code Date} of responses; it stands still. */
    public DateHeaderValueManager date() {
        return services.date();
    }

    /** An engine that serves nothing yet and whose client sends nothing. */
    public Http1Connection idleConnection() {
        return engine(new InMemoryConnection(pool, new byte[0], 0));
    }

    /**
     * Serves a connection on the calling thread, from its first byte to its end.
     *
     * @param message what the client sends each time: one request, or several
     * @param times how many times it sends it, each time when all of the last was answered
     * @return how many bytes were answered
     * @throws IllegalStateException when the server has not answered each message with one write
     */
    long serve(byte[] message, int times, HttpHandler application) throws IOException {
        InMemoryConnection connection = new InMemoryConnection(pool, message, times);
        engine(connection).processRequests(application);
        connection.close();
        if (connection.writes() != times) {
            throw new IllegalStateException(
                    times + " messages were answered with " + connection.writes() + " writes");
        }
        return connection.bytesSent();
    }

    private Http1Connection engine(InMemoryConnection connection) {
        TimeoutControl timeouts = new TimeoutControl(reason -> {}, 0);
        return new Http1Connection(
                new HttpConnectionContext(connection, services, timeouts, "http", null));
    }
}
