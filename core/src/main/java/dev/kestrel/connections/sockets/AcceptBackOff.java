package dev.kestrel.connections.sockets;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens when {@code accept} fails. A connection that broke in the queue is passed over. When
 * the machine or the process has run out of something, the listener waits a little, longer each
 * time, and tries again: connections that end meanwhile give back what is missing. Anything else is
 * for the caller.
 */
final class AcceptBackOff {

    private static final System.Logger LOG =
            System.getLogger(SocketConnectionListener.class.getName());

    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final long firstMillis;
    private final long longestMillis;
    private final CountDownLatch ended = new CountDownLatch(1);

    private long nextMillis;
    private long lastLogged;
    private int failuresSinceLog;

    AcceptBackOff() {
        this(10, 1000);
    }

    AcceptBackOff(long firstMillis, long longestMillis) {
        this.firstMillis = firstMillis;
        this.longestMillis = longestMillis;
        this.nextMillis = firstMillis;
        this.lastLogged = System.nanoTime() - LOG_INTERVAL_NANOS;
    }

    void afterSuccess() {
        nextMillis = firstMillis;
    }

    /** Deals with a failure, or throws it. */
    void afterFailure(String listener, IOException failure) throws IOException {
        String said = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (concernsOneConnection(said)) {
            LOG.log(Level.DEBUG, "A connection broke before it was accepted", failure);
            return;
        }
        if (!isShortage(said)) {
            throw failure;
        }
        log(listener, failure);
        try {
            if (!ended.await(nextMillis, TimeUnit.MILLISECONDS)) {
                nextMillis = Math.min(longestMillis, nextMillis * 2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Accepting was interrupted");
        }
    }

    /** Wakes a listener that waits. */
    void end() {
        ended.countDown();
    }

    /**
     * ECONNABORTED, ECONNRESET, EPROTO: accept(2) tells of errors that happened to a connection in
     * the queue.
     */
    private static boolean concernsOneConnection(String said) {
        return said.contains("connection abort")
                || said.contains("connection reset")
                || said.contains("protocol error");
    }

    /** EMFILE, ENFILE, ENOBUFS, ENOMEM. */
    private static boolean isShortage(String said) {
        return said.contains("too many open files")
                || said.contains("no buffer space")
                || said.contains("cannot allocate memory")
                || said.contains("not enough memory");
    }

    private void log(String listener, IOException failure) {
        failuresSinceLog++;
        long now = System.nanoTime();
        if (now - lastLogged < LOG_INTERVAL_NANOS) {
            return;
        }
        LOG.log(
                Level.WARNING,
                "{0} can not accept connections at the moment ({1}; {2} failures): it tries again. Raise the limit of"
                        + " open files, or limit the number of connections",
                listener,
                failure.getMessage(),
                failuresSinceLog);
        lastLogged = now;
        failuresSinceLog = 0;
    }
}
