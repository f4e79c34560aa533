package dev.kestrel.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.jspecify.annotations.Nullable;

/**
 * A buffer of a loop that bytes pass through on their way into the library, which copies them. It
 * is used again at once, unless a write has to wait and keeps it. Used by the loop alone.
 */
final class Scratch {

    /** As much as is written at once. */
    static final int SIZE = 64 * 1024;

    private @Nullable ByteBuf buffer;
    private @Nullable StopProbe probe;

    /** What notices clients that ask to stop sending; kept until {@link #close()}. */
    StopProbe probe() {
        StopProbe kept = probe;
        if (kept == null) {
            kept = new StopProbe();
            probe = kept;
        }
        return kept;
    }

    /** Gives an empty buffer, with a reference for who writes it. */
    ByteBuf lend() {
        // A write may be made while another is.
        takeBack();
        ByteBuf bytes = buffer;
        if (bytes == null) {
            bytes = ByteBufAllocator.DEFAULT.directBuffer(SIZE, SIZE);
            buffer = bytes;
        }
        return bytes.clear().retain();
    }

    /** Says that the write was made: the buffer is kept when nobody else holds it. */
    void takeBack() {
        ByteBuf bytes = buffer;
        if (bytes != null && bytes.refCnt() > 1) {
            buffer = null;
            bytes.release();
        }
    }

    /** Gives up the buffers. */
    void close() {
        StopProbe kept = probe;
        if (kept != null) {
            probe = null;
            kept.release();
        }
        ByteBuf bytes = buffer;
        if (bytes != null) {
            buffer = null;
            bytes.release();
        }
    }
}
