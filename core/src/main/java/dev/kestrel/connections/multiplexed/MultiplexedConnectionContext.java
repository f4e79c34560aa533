package dev.kestrel.connections.multiplexed;

import dev.kestrel.connections.BaseConnectionContext;
import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A connection that carries many streams, such as one of QUIC (the original's type of the same
 * name). One thread accepts streams; everything else may be called from any thread.
 *
 * <p>A transport that speaks TLS puts a {@link dev.kestrel.connections.tls.TlsConnectionFeature}
 * into {@link #features()} before it gives the connection out.
 */
public abstract class MultiplexedConnectionContext extends BaseConnectionContext {

    /** For transports. */
    protected MultiplexedConnectionContext() {}

    /**
     * Waits for the next stream that the peer opens, of either direction.
     *
     * @return a stream that the caller owns and closes, or {@code null} when the connection has
     *     ended without an error: this side has closed it, or the peer has with a code that says so
     * @throws IOException when the connection has failed or was aborted; {@link
     *     ConnectionResetException} for the peer, {@link ConnectionAbortedException} for this side
     */
    public abstract @Nullable StreamContext acceptStream() throws IOException;

    /**
     * Opens a stream on which this side alone sends. Waits while the peer allows no further one.
     *
     * @return a stream that the caller owns and closes
     * @throws IOException as for {@link #acceptStream()}
     */
    public abstract StreamContext openUnidirectionalStream() throws IOException;

    /**
     * What the peer is told when the connection ends now by {@link #close()} (the original's {@code
     * IProtocolErrorCodeFeature}).
     *
     * @param code a number of the protocol that runs on the connection, from 0 to 2^62-1; before it
     *     is set, the transport's own
     */
    public abstract void errorCode(long code);

    /**
     * Ends the connection and all of its streams at once, and tells the peer why. May be called
     * from any thread and more than once; the first reason counts.
     *
     * @param reason what whoever reads or writes gets
     * @param errorCode a number of the protocol that runs on the connection
     */
    public abstract void abort(ConnectionAbortedException reason, long errorCode);

    /**
     * {@inheritDoc}
     *
     * <p>The peer is told the code that was set with {@link #errorCode(long)}.
     */
    @Override
    public abstract void abort(ConnectionAbortedException reason);

    /**
     * Ends the connection in good order: what was written on its streams and completed is sent
     * first, for a bounded time, and then the peer is told the code that was set with {@link
     * #errorCode(long)}. Called once the pipeline has returned, by whoever accepted the connection;
     * calling it again does nothing.
     */
    @Override
    public abstract void close();
}
