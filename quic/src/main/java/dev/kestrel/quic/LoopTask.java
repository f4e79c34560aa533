package dev.kestrel.quic;

import org.jspecify.annotations.Nullable;

/** Something for a loop to do; a {@link LoopQueue} links them, so each is added once at a time. */
abstract class LoopTask {

    @Nullable LoopTask next;

    /** Does it, on the loop. */
    abstract void run();

    /** The loop has ended and will not do it. On whatever thread. */
    void drop() {}

    static LoopTask of(Runnable action) {
        return new LoopTask() {
            @Override
            void run() {
                action.run();
            }
        };
    }
}
