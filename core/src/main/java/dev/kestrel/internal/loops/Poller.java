package dev.kestrel.internal.loops;

import java.io.IOException;

/** With what a loop looks at its sockets. Its carrier calls it, where nothing else is said. */
interface Poller {

    long NO_WAIT = 0;
    long FOR_EVER = Long.MAX_VALUE;

    /**
     * Looks, and has tasks of the loop for what it finds.
     *
     * @param millis how long to wait until there is something, or somebody wakes it
     */
    void poll(long millis) throws IOException;

    /** Ends a wait. From any thread, and before or during the wait. */
    void wakeUp();

    /** The loop has ended. */
    void close() throws IOException;
}
