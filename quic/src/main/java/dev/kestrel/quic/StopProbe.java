package dev.kestrel.quic;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;

/**
 * A write of nothing, which waits in the queue of a stream's channel while there is nothing else to
 * write. The library fails what waits there when the client asks to stop sending, and tells nobody
 * when nothing waits (netty#17380).
 *
 * <p>It says that it has something to read, so that the library tries to write it, and has nothing,
 * so that it stays. One serves all streams of a loop, and is used by the loop alone.
 */
final class StopProbe extends UnpooledDirectByteBuf {

    /** How many writes are being made: while one is, others may be. */
    private int withdrawn;

    StopProbe() {
        super(ByteBufAllocator.DEFAULT, 1, 1);
    }

    /** Has the probe of a stream give way to what is written next, until {@link #restore()}. */
    void withdraw() {
        withdrawn++;
    }

    void restore() {
        withdrawn--;
    }

    /** Whether one that is written now would not stay. */
    boolean isWithdrawn() {
        return withdrawn > 0;
    }

    @Override
    public boolean isReadable() {
        return withdrawn == 0;
    }
}
