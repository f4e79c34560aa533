package dev.kestrel.connections;

/**
 * Lets whoever is busy with something else learn that the peer went away, by having the transport
 * read ahead of the reader. What it reads is kept, up to a bound, and comes with the next {@code
 * read}; while the bound is reached nothing more is noticed.
 *
 * <p>A peer that ended its sending side ({@code FIN}) may still be there and wait for an answer:
 * the cause of the signal tells the two apart.
 */
public interface ConnectionReadAheadFeature {

    /**
     * Fires when the peer has ended the stream or the connection is broken, as soon as this side
     * has read that far. Bytes that came before may still wait to be read.
     *
     * @return the signal; its cause is {@code null} when the peer ended the stream in order
     */
    Signal peerGone();

    /**
     * Starts reading ahead, until {@link #stop()}. May be called from any thread, also while
     * another one reads; calling it again does nothing. Reading costs a little more while it goes
     * on.
     */
    void start();

    /**
     * Ends reading ahead once the read that is under way has brought something. May be called from
     * any thread.
     */
    void stop();
}
