package dev.kestrel.connections.sockets;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The last part of a graceful end. A system that closes a socket with unread input, or that gets
 * more of it afterwards, sends a reset, and the peer's system then throws away what the peer has
 * not read yet (RFC 9112 section 9.6). So after the end of our stream the input is read and
 * discarded until the peer ends its side, for a bounded time and number of bytes.
 */
final class Linger {

    private static final System.Logger LOG = System.getLogger(SocketConnection.class.getName());

    private static final long MOST_BYTES = 1024 * 1024;

    /** Where all connections read what nobody looks at, at once; each has a view of its own. */
    private static final ByteBuffer SINK = ByteBuffer.allocateDirect(16 * 1024);

    private Linger() {}

    static void drain(SocketBytes bytes, Duration timeout) {
        // What was sent longer ago than the timeout has had its time.
        long most = TimeUnit.NANOSECONDS.convert(timeout);
        long left = most - Math.min(most, bytes.nanosSinceWrite());
        if (left <= 0 || bytes.isInputOver()) {
            return;
        }
        ScheduledFuture<?> end =
                Timer.THREAD.schedule(bytes::closeChannel, left, TimeUnit.NANOSECONDS);
        try {
            ByteBuffer sink = SINK.duplicate();
            long discarded = 0;
            while (discarded < MOST_BYTES) {
                int count = bytes.read(sink.clear());
                if (count < 0) {
                    return;
                }
                discarded += count;
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A connection ended while it lingered", e);
        } finally {
            end.cancel(false);
        }
    }

    /** One thread for all connections, there while it has something to do. */
    private static final class Timer {
        static final ScheduledThreadPoolExecutor THREAD = make();

        private static ScheduledThreadPoolExecutor make() {
            ScheduledThreadPoolExecutor timer =
                    new ScheduledThreadPoolExecutor(
                            1, Thread.ofPlatform().daemon().name("kestrel-linger").factory());
            timer.setRemoveOnCancelPolicy(true);
            timer.setKeepAliveTime(10, TimeUnit.SECONDS);
            timer.allowCoreThreadTimeOut(true);
            return timer;
        }
    }
}
