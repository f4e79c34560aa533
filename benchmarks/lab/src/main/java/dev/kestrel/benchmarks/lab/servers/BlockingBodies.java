package dev.kestrel.benchmarks.lab.servers;

import java.io.IOException;
import java.io.InputStream;

/** What handlers do that may block. */
final class BlockingBodies {

    private BlockingBodies() {}

    /** Reads to the end; returns how much there was, in decimal. */
    static byte[] discard(InputStream in) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long length = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            length += count;
        }
        return Payload.latin1(Long.toString(length));
    }

    /** Blocks the calling thread, which is what {@link Payload#SLEEP_PATH} is about. */
    static void sleep() {
        try {
            Thread.sleep(Payload.SLEEP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
