package dev.kestrel.internal.loops;

/**
 * Looks at sockets in a loop's stead: the event loop of a library, which has to be on the same
 * thread always. It gets one, which the loop drives: a {@link GuestThread}.
 */
public interface LoopGuest {

    /**
     * Is given its thread, before that runs.
     *
     * @param thread what calls it from then on
     */
    void begin(GuestThread thread);

    /**
     * Looks, and has virtual threads go on for what it finds. On its thread.
     *
     * <p>It waits for something to find only while {@link GuestThread#mayWait()}, which it asks
     * again after it has said, in the way that {@link #wakeUp()} sees, that it is about to wait.
     * The wait is one in native code, which keeps the carrier: a thread that parks instead would
     * not hear of what comes while the carrier does something else.
     *
     * @return false when there will never be anything more
     */
    boolean look();

    /** Ends a wait in {@link #look()}. From any thread. */
    void wakeUp();
}
