package dev.kestrel.http2;

import java.util.concurrent.CountDownLatch;

/** Holds handlers up until a test lets them go; closing lets them go. */
final class Gate implements AutoCloseable {

    private final CountDownLatch latch = new CountDownLatch(1);

    void await() {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void open() {
        latch.countDown();
    }

    @Override
    public void close() {
        open();
    }
}
