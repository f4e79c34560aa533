package dev.kestrel.quic;

import org.jspecify.annotations.Nullable;

/** Something for a loop to do; a {@link LoopQueue} links them, so each is added once at a time. */
abstract class LoopTask {

    @Nullable LoopTask next;

    /** Does it, on the loop. */
    abstract void run();

    /**
     * The stream that it concerns, when it concerns one alone and can not end the connection: such
     * a task may run while the library is about to send what another stream has written.
     */
    @Nullable StreamSender stream() {
        return null;
    }

    /** The loop has ended and will not do it. On whatever thread. */
    void drop() {}

    /** A task that concerns one stream and does not end the connection. */
    static LoopTask of(StreamSender stream, Runnable action) {
        return new LoopTask() {
            @Override
            void run() {
                action.run();
            }

            @Override
            StreamSender stream() {
                return stream;
            }
        };
    }

    static LoopTask of(Runnable action) {
        return new LoopTask() {
            @Override
            void run() {
                action.run();
            }
        };
    }
}
