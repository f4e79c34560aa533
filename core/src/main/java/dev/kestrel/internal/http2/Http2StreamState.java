package dev.kestrel.internal.http2;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How far a stream is (RFC 9113 section 5.1), as facts that only ever become true. Each side of a
 * stream belongs to another thread, so the facts are bits of one atomic number, and whoever adds
 * the one that was missing does what follows from it.
 *
 * <pre>
 *                         request's HEADERS
 *                                |
 *                              open ------------------------------.
 *              endReceived  |            |  endSent               |
 *               half-closed (remote)   half-closed (local)        | resetReceived
 *              endSent      |            |  endReceived           | resetSent
 *                              closed <--------------------------'
 *
 *   closed:    does not count as concurrent any more
 *   served:    the application has returned and the writer has let go
 *   finished:  served, and nothing further of the client's is to be expected (its end, its reset,
 *              or five seconds in which what was on the way could come). Only then the object may
 *              serve another stream
 * </pre>
 */
final class Http2StreamState implements Http2OutputOwner {

    private static final int END_RECEIVED = 1;
    private static final int RESET_RECEIVED = 1 << 1;
    private static final int END_SENT = 1 << 2;
    private static final int RESET_SENT = 1 << 3;
    private static final int OUTPUT_LET_GO = 1 << 4;
    private static final int APPLICATION_RETURNED = 1 << 5;
    private static final int DRAINED = 1 << 6;

    /** Is told once of each, on the thread that brought it about. */
    interface Listener {
        /** The stream no longer counts as concurrent. */
        void streamClosed();

        /** Nobody needs the stream's object any more; it may be in use again at once. */
        void streamFinished();

        /** The application has returned, and all that it said is on its way or was dropped. */
        void streamServed();
    }

    private final Listener listener;
    private final AtomicInteger facts = new AtomicInteger();

    Http2StreamState(Listener listener) {
        this.listener = listener;
    }

    /** A new stream begins. */
    void open() {
        facts.set(0);
    }

    /** A new stream was refused: there is no application, and RST_STREAM is on its way. */
    void refused() {
        facts.set(RESET_SENT | OUTPUT_LET_GO | APPLICATION_RETURNED);
    }

    /** END_STREAM came. */
    boolean endReceived() {
        return add(END_RECEIVED);
    }

    /** RST_STREAM came. */
    boolean resetReceived() {
        return add(RESET_RECEIVED);
    }

    /**
     * This side resets the stream.
     *
     * @return false when either side has done so before
     */
    boolean resetSent() {
        int before = facts.get();
        while ((before & (RESET_SENT | RESET_RECEIVED)) == 0) {
            if (facts.compareAndSet(before, before | RESET_SENT)) {
                changed(before, before | RESET_SENT);
                return true;
            }
            before = facts.get();
        }
        return false;
    }

    /** The application has returned and will not touch the stream again. */
    void applicationReturned() {
        add(APPLICATION_RETURNED);
    }

    /** What was on the way when this side reset the stream has had its time to come. */
    void drained() {
        add(DRAINED);
    }

    @Override
    public void outputEnded(boolean endStreamSent) {
        add(endStreamSent ? OUTPUT_LET_GO | END_SENT : OUTPUT_LET_GO);
    }

    private boolean add(int more) {
        int before = facts.getAndUpdate(now -> now | more);
        changed(before, before | more);
        return (before & more) != more;
    }

    private void changed(int before, int after) {
        if (isClosed(after) && !isClosed(before)) {
            listener.streamClosed();
        }
        if (isFinished(after) && !isFinished(before)) {
            listener.streamFinished();
        }
        // Last: the end of the connection waits for this alone, and then takes what has finished.
        if (isServed(after) && !isServed(before)) {
            listener.streamServed();
        }
    }

    /** Whether frames of a body or trailers can no longer come in good order. */
    boolean isInputEnded() {
        return (facts.get() & END_RECEIVED) != 0;
    }

    /** Whether the client has reset the stream. */
    boolean isResetReceived() {
        return (facts.get() & RESET_RECEIVED) != 0;
    }

    /** Whether this side has reset the stream: what still comes is dropped. */
    boolean isResetSent() {
        return (facts.get() & RESET_SENT) != 0;
    }

    /** Whether either side has reset the stream. */
    boolean isReset() {
        return (facts.get() & (RESET_SENT | RESET_RECEIVED)) != 0;
    }

    /** Whether the whole response was sent. */
    boolean isEndSent() {
        return (facts.get() & END_SENT) != 0;
    }

    /** Whether the stream is closed in the sense of the RFC. */
    boolean isClosed() {
        return isClosed(facts.get());
    }

    /** Whether only what the client may still have on the way keeps the stream here. */
    boolean isDraining() {
        int now = facts.get();
        return isServed(now) && !isFinished(now);
    }

    private static boolean isClosed(int now) {
        int both = END_RECEIVED | END_SENT;
        return (now & (RESET_SENT | RESET_RECEIVED)) != 0 || (now & both) == both;
    }

    private static boolean isServed(int now) {
        int both = OUTPUT_LET_GO | APPLICATION_RETURNED;
        return (now & both) == both;
    }

    private static boolean isFinished(int now) {
        return isServed(now) && (now & (END_RECEIVED | RESET_RECEIVED | DRAINED)) != 0;
    }

    @Override
    public String toString() {
        int now = facts.get();
        if (isClosed(now)) {
            return "closed";
        }
        if ((now & END_RECEIVED) != 0) {
            return "half-closed (remote)";
        }
        return (now & END_SENT) != 0 ? "half-closed (local)" : "open";
    }
}
