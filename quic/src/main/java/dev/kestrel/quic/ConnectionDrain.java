package dev.kestrel.quic;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection in good order. The library drops what it has not sent when a connection
 * is closed and does not tell when everything was acknowledged; so this waits until nothing has
 * come or gone for a while in which it would have been sent again (RFC 9002 section 6.2).
 */
final class ConnectionDrain extends LoopTask {

    /**
     * RFC 9000 section 18.2: how long a peer may wait before it acknowledges, unless it says so.
     */
    private static final long ACK_DELAY = TimeUnit.MILLISECONDS.toNanos(25);

    private final QuicConnection connection;
    private final QuicChannel channel;
    private final long timeout;
    private final CountDownLatch done = new CountDownLatch(1);

    // The loop's.
    private long start;
    private long packets = -1;

    ConnectionDrain(QuicConnection connection, QuicChannel channel, Duration timeout) {
        this.connection = connection;
        this.channel = channel;
        // Twice as long can still be waited for.
        this.timeout = Math.min(TimeUnit.NANOSECONDS.convert(timeout), Long.MAX_VALUE / 4);
    }

    /** Waits until the connection is closed. */
    void await() {
        boolean interrupted = false;
        while (true) {
            try {
                // A loop that ends takes what it had in mind with it.
                done.await(2 * timeout + TimeUnit.SECONDS.toNanos(1), TimeUnit.NANOSECONDS);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                // It is bounded, but whoever interrupts wants it now.
                connection.queue().add(LoopTask.of(this::finish));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    void run() {
        start = System.nanoTime();
        look();
    }

    @Override
    void drop() {
        done.countDown();
    }

    private void look() {
        if (done.getCount() == 0) {
            return;
        }
        if (connection.isEnded() || !channel.isActive() || System.nanoTime() - start >= timeout) {
            finish();
        } else if (connection.isSending()) {
            again(TimeUnit.MILLISECONDS.toNanos(5));
        } else {
            channel.collectPathStats(0)
                    .addListener(
                            future -> {
                                if (future.isSuccess()) {
                                    compare((QuicConnectionPathStats) future.getNow());
                                } else {
                                    finish();
                                }
                            });
        }
    }

    private void compare(QuicConnectionPathStats stats) {
        long now = stats.sent() + stats.recv();
        if (now == packets) {
            finish();
        } else {
            packets = now;
            again(3 * stats.rtt() + ACK_DELAY);
        }
    }

    private void again(long nanos) {
        long left = timeout - (System.nanoTime() - start);
        try {
            channel.eventLoop().schedule(this::look, Math.min(nanos, left), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            finish();
        }
    }

    private void finish() {
        if (done.getCount() > 0) {
            connection.shut(null);
            done.countDown();
        }
    }
}
