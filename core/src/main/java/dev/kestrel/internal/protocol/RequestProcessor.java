package dev.kestrel.internal.protocol;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.guard.TimeoutReason;

/** One HTTP version at work on one connection (the original's {@code IRequestProcessor}). */
public interface RequestProcessor {

    /**
     * Serves requests until the connection is done; runs on the connection's thread. Errors of
     * requests and of the peer are dealt with inside.
     *
     * <p>One that {@linkplain #isResting() rests} when this returns is not done: it is called
     * again, on another thread, when there is input.
     */
    void processRequests(HttpHandler application) throws Exception;

    /** Whether {@link #processRequests} has returned because it waits for input. */
    default boolean isResting() {
        return false;
    }

    /**
     * Has what still reaches this from other threads do nothing: it rests, and another one takes
     * its place.
     *
     * @return false when its wait was ended before: there will be no further request
     */
    default boolean leave() {
        return true;
    }

    /**
     * Asks for a graceful end: no new request is begun, an idle connection ends now. From any
     * thread, before {@link #processRequests} too, and maybe more than once.
     */
    void stopProcessingNextRequest();

    /** Ends everything at once. From any thread. */
    void abort(ConnectionAbortedException reason);

    /** Something took too long. On the heartbeat's thread: must not block. */
    void onTimeout(TimeoutReason reason);

    /** A beat of the heart, after the timeouts were looked at. Must not block. */
    void tick(long nanoTime);
}
