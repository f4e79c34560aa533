package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.util.Objects;

/** A connection that carries one stream of bytes each way. */
public abstract class ConnectionContext extends BaseConnectionContext {

    private @Nullable DuplexPipe transport;
    private @Nullable SocketAddress localAddress;
    private @Nullable SocketAddress remoteAddress;

    /** For transports, which set the pipes and addresses before they give the connection out. */
    protected ConnectionContext() {}

    /**
     * The bytes: the transport's own pipes, or the decorator that a middleware put around them.
     *
     * @return the pipes
     * @throws IllegalStateException before the transport was set
     */
    public final DuplexPipe transport() {
        DuplexPipe pipes = transport;
        if (pipes == null) {
            throw new IllegalStateException("The connection has no transport yet");
        }
        return pipes;
    }

    /**
     * Replaces the pipes, for what comes later in the pipeline. Whoever replaces them puts the old
     * ones back at its end.
     *
     * @param pipes a decorator of the pipes that were there
     */
    public final void transport(DuplexPipe pipes) {
        transport = Objects.requireNonNull(pipes, "pipes");
    }

    @Override
    public final @Nullable SocketAddress localAddress() {
        return localAddress;
    }

    /**
     * Replaces this side's address.
     *
     * @param address what {@link #localAddress()} answers from now on
     */
    public final void localAddress(@Nullable SocketAddress address) {
        localAddress = address;
    }

    @Override
    public final @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /**
     * Replaces the peer's address.
     *
     * @param address what {@link #remoteAddress()} answers from now on
     */
    public final void remoteAddress(@Nullable SocketAddress address) {
        remoteAddress = address;
    }

    /**
     * Ends the connection. When it was not aborted and nobody reads or writes any more: sends the
     * end of the stream, waits a bounded time for the peer to take what was sent, and releases the
     * socket. Called once the pipeline has returned, by whoever accepted the connection; calling it
     * again does nothing.
     */
    @Override
    public abstract void close();
}
