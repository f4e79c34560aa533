package dev.kestrel.internal.loops;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.Objects;

/** Loops of a test, with the reading end of a pipe of the system's in one of them. */
final class LoopPlace implements AutoCloseable {

    final LoopGroup group;
    final Pipe pipe;
    final Readiness place;

    LoopPlace(int loops) throws IOException {
        group = LoopGroup.start(SchedulerDoor.instance(), loops);
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        place = Objects.requireNonNull(group.add(pipe.source()));
    }

    void send(int count) throws IOException {
        pipe.sink().write(ByteBuffer.allocate(count));
    }

    void awaitEnd() {
        while (!group.haveAllEnded()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws IOException {
        place.close();
        pipe.sink().close();
        place.release();
        group.release();
    }
}
