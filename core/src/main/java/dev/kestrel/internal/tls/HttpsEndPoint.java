package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.TlsHostSelector;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.TimeProvider;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * TLS of one endpoint: its certificates, loaded when the server starts and looked at again by the
 * heartbeat, and the step that its connections run through.
 */
public final class HttpsEndPoint {

    private static final System.Logger LOG = System.getLogger(HttpsEndPoint.class.getName());

    private final SniOptionsSelector hosts;
    private final HttpsConnectionMiddleware middleware;
    private final @Nullable TlsHostSelector quic;
    private final long interval;
    private final AtomicBoolean checking = new AtomicBoolean();
    private long lastCheck;

    /**
     * Loads everything.
     *
     * @param protocols what the endpoint speaks; empty when that is no HTTP
     * @param endPoint how messages call it
     * @throws IOException when a certificate can not be used; the message says which and why
     */
    public HttpsEndPoint(
            HttpsOptions options,
            Set<HttpVersion> protocols,
            String endPoint,
            TimeProvider time,
            MemoryPool pool,
            TlsCounters counters)
            throws IOException {
        TlsHostLoader loader = new TlsHostLoader(options, protocols, endPoint, time);
        try {
            hosts = new SniOptionsSelector(options, loader);
            quic =
                    protocols.contains(HttpVersion.HTTP_3)
                            ? new QuicHostSelector(options, hosts, counters)
                            : null;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "https (endpoint "
                            + endPoint
                            + "): the certificate can not be used: "
                            + e.getMessage(),
                    e);
        }
        middleware = new HttpsConnectionMiddleware(options, hosts, time, pool, counters);
        interval = TimeUnit.NANOSECONDS.convert(options.certificateReloadInterval());
        lastCheck = time.nanoTime();
        LOG.log(
                Level.DEBUG,
                () -> endPoint + " speaks TLS with the engine '" + loader.engineName() + "'");
    }

    /** The step. */
    public HttpsConnectionMiddleware middleware() {
        return middleware;
    }

    /** What transports that speak TLS themselves are given; {@code null} without HTTP/3. */
    public @Nullable TlsHostSelector quic() {
        return quic;
    }

    /** A beat: begins to look for new files when it is time. On the heartbeat's thread. */
    public void onHeartbeat(long nanoTime) {
        if (interval > 0
                && nanoTime - lastCheck >= interval
                && checking.compareAndSet(false, true)) {
            lastCheck = nanoTime;
            Thread.ofVirtual().name("kestrel-certificates").start(this::check);
        }
    }

    /** Looks for new files. On a thread that may wait for them. */
    void check() {
        try {
            hosts.check();
        } finally {
            checking.set(false);
        }
    }
}
