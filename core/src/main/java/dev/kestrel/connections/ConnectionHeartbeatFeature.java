package dev.kestrel.connections;

/** Lets connection middleware do something about once a second while the connection lives. */
public interface ConnectionHeartbeatFeature {

    /**
     * Adds a callback.
     *
     * @param callback takes the time of the beat in {@link System#nanoTime()} units; runs on the
     *     heartbeat's thread: it must be short and must not block
     * @return a handle whose {@code close} takes the callback back; a beat that runs just then may
     *     still call it
     */
    Signal.Registration onHeartbeat(HeartbeatCallback callback);

    /** Something that is done on each beat. */
    @FunctionalInterface
    interface HeartbeatCallback {
        /**
         * A beat.
         *
         * @param nanoTime the time of the beat
         */
        void tick(long nanoTime);
    }
}
