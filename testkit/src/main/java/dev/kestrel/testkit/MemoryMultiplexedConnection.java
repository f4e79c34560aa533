package dev.kestrel.testkit;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * The client's end of a connection of many streams in memory. Safe for use by any thread.
 *
 * <p>Every wait ends with an {@link AssertionError} after {@link MemoryConnection#PATIENCE}: by
 * then the other side will not do any more what is waited for.
 */
public final class MemoryMultiplexedConnection implements AutoCloseable {

    private static final long PATIENCE = MemoryConnection.PATIENCE.toNanos();

    private final MemoryMultiplexedServerConnection server;

    MemoryMultiplexedConnection(MemoryMultiplexedServerConnection server) {
        this.server = server;
    }

    /**
     * The server's name for this connection.
     *
     * @return what its logs call it
     */
    public String serverConnectionId() {
        return server.connectionId();
    }

    /**
     * Opens a stream that goes both ways; waits while as many are open as the server allows. The
     * server knows of it at once.
     *
     * @return the client's end: streams 0, 4, 8 and so on
     * @throws IOException when the connection has ended
     */
    public MemoryMultiplexedStream openBidirectionalStream() throws IOException {
        return new MemoryMultiplexedStream(server.openByClient(true, PATIENCE));
    }

    /**
     * Opens a stream on which the client alone sends; waits while as many are open as the server
     * allows. The server knows of it at once.
     *
     * @return the client's end: streams 2, 6, 10 and so on
     * @throws IOException when the connection has ended
     */
    public MemoryMultiplexedStream openUnidirectionalStream() throws IOException {
        return new MemoryMultiplexedStream(server.openByClient(false, PATIENCE));
    }

    /**
     * Whether the server allows one more bidirectional stream now.
     *
     * @return false while as many are open as it allows
     */
    public boolean canOpenBidirectionalStream() {
        return server.canOpen(true);
    }

    /**
     * Sets how many unidirectional streams the server may still open. Default: any number.
     *
     * @param count zero or more
     */
    public void allowServerStreams(int count) {
        server.allowServerStreams(count);
    }

    /**
     * Waits for the next stream that the server opens.
     *
     * @return the client's end: streams 3, 7, 11 and so on
     */
    public MemoryMultiplexedStream acceptStream() {
        MemoryStreamContext stream = server.acceptByClient(PATIENCE);
        if (stream == null) {
            throw new AssertionError("The connection has ended, and the server opens no stream");
        }
        return new MemoryMultiplexedStream(stream);
    }

    /**
     * Waits until the connection has ended.
     *
     * @return the code that the server gave, or nothing when it was the client that ended it
     */
    public OptionalLong awaitCloseCode() {
        Long code = server.awaitCloseCode(PATIENCE);
        return code == null ? OptionalLong.empty() : OptionalLong.of(code);
    }

    /**
     * Whether the connection has ended.
     *
     * @return true once either side has ended it
     */
    public boolean isEnded() {
        return server.isEnded();
    }

    /**
     * Waits until the server has accepted all streams, and all of its threads wait for something,
     * or it has ended the connection.
     */
    public void awaitServerIdle() {
        server.awaitAccepted(PATIENCE);
        VirtualThreads.awaitRest();
    }

    /**
     * Ends the connection and all streams (CONNECTION_CLOSE).
     *
     * @param code what the server is told; H3_NO_ERROR counts as an end without an error
     */
    public void close(long code) {
        server.closeByClient(code);
    }

    /** Goes away without a word: what the server sees after its idle timeout. */
    public void lose() {
        server.loseByClient();
    }

    /** Ends the connection without an error. */
    @Override
    public void close() {
        close(MemoryMultiplexedServerConnection.DEFAULT_CODE);
    }
}
