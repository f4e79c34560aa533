package dev.kestrel.connections.multiplexed;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.StreamResetException;

/**
 * One stream of a {@link MultiplexedConnectionContext}. Its pipes are those of a connection, with
 * these differences: a reset by the peer is a {@link StreamResetException} for whoever reads, a
 * peer that asks to stop sending is one for whoever writes, and {@code output().complete()} sends
 * what was not flushed together with the end of the stream. A direction that the stream does not
 * have has ended from the start.
 *
 * <p>Whoever sends the end of a stream that way should have something unflushed then: there are
 * implementations of QUIC that lose an end that travels alone.
 *
 * <p>{@link #closed()} fires when the stream has ended, for whoever neither reads nor writes just
 * then: when the peer has reset its direction or asked to stop sending (the cause is the {@link
 * StreamResetException}; see {@link #watchForStop()}), when this side or the end of the connection
 * has aborted it, and without a cause once both directions have come to their ends in good order.
 *
 * <p>The original's {@code IStreamIdFeature}, {@code IStreamDirectionFeature} and {@code
 * IStreamAbortFeature} are methods here.
 */
public abstract class StreamContext extends ConnectionContext {

    /** For transports. */
    protected StreamContext() {}

    /**
     * The number of the stream (RFC 9000 section 2.1).
     *
     * @return a number from 0
     */
    public abstract long streamId();

    /**
     * Whether the peer can send.
     *
     * @return false for a unidirectional stream of this side
     */
    public abstract boolean canRead();

    /**
     * Whether this side can send.
     *
     * @return false for a unidirectional stream of the peer
     */
    public abstract boolean canWrite();

    /**
     * Wants nothing more from the peer, and tells it so (STOP_SENDING, RFC 9000 section 3.5). What
     * is waiting is dropped; whoever reads gets {@code reason}. From any thread; of no effect once
     * the end of the stream was read.
     *
     * @param errorCode a number of the protocol that runs on the connection
     * @param reason why
     */
    public abstract void abortRead(long errorCode, ConnectionAbortedException reason);

    /**
     * Ends sending before its time, and tells the peer so (RESET_STREAM, RFC 9000 section 3.1).
     * What was not sent is dropped; whoever writes gets {@code reason}. From any thread; of no
     * effect once the peer has everything.
     *
     * @param errorCode a number of the protocol that runs on the connection
     * @param reason why
     */
    public abstract void abortWrite(long errorCode, ConnectionAbortedException reason);

    /**
     * How the peer wants this stream sent beside others (RFC 9218 section 4). A transport that
     * sends for many streams at once follows it as well as it can; this one does not. Streams of
     * which nothing is said have urgency 3 and may take turns. From any thread, and more than once.
     *
     * @param urgency from 0, first, to 7, last
     * @param incremental whether streams of this urgency take turns, or each waits for those before
     */
    public void priority(int urgency, boolean incremental) {}

    /**
     * Has {@link #closed()} fire when the peer asks to stop sending while nobody writes. There are
     * transports which notice that only when somebody writes, and for which it is some work to look
     * out for it, so it is asked for by who wants to know. A peer that has asked before is noticed
     * by the next write. From any thread, and more than once.
     */
    public void watchForStop() {}

    /**
     * {@inheritDoc}
     *
     * <p>Both directions, with the transport's own code.
     */
    @Override
    public abstract void abort(ConnectionAbortedException reason);

    /**
     * Releases what the stream holds, and its place among those that the peer may open. A direction
     * that has not come to its end is aborted with the transport's own code: output that was not
     * completed, or with an error, and input that was not read to its end. Called once, by whoever
     * accepted or opened the stream; calling it again does nothing.
     */
    @Override
    public abstract void close();
}
