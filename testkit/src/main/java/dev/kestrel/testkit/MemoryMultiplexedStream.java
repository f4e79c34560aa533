package dev.kestrel.testkit;

import dev.kestrel.connections.StreamResetException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The client's end of a stream in memory. One thread reads, one writes.
 *
 * <p>Every wait ends with an {@link AssertionError} after {@link MemoryConnection#PATIENCE}.
 */
public final class MemoryMultiplexedStream {

    private static final long PATIENCE = MemoryConnection.PATIENCE.toNanos();

    private final MemoryStreamContext server;

    MemoryMultiplexedStream(MemoryStreamContext server) {
        this.server = server;
    }

    /**
     * The number of the stream.
     *
     * @return as in RFC 9000 section 2.1
     */
    public long streamId() {
        return server.streamId();
    }

    /**
     * Sends bytes; waits while the server has more unread than the transport holds. Once the server
     * has asked to stop they are lost.
     *
     * @param bytes what to send
     * @throws IOException when the connection has ended, or this side has ended the stream
     */
    public void write(byte... bytes) throws IOException {
        server.toServer().bytes().write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 1);
    }

    /** Says that nothing more will be sent (FIN). Reading goes on. */
    public void finish() {
        server.finishByClient();
    }

    /**
     * Sends the last bytes and the end.
     *
     * @param bytes what to send
     * @throws IOException as for {@link #write}
     */
    public void finish(byte... bytes) throws IOException {
        write(bytes);
        finish();
    }

    /**
     * Ends sending before its time (RESET_STREAM). The server still gets what was sent before. Of
     * no effect after {@link #finish()}.
     *
     * @param code what the server is told
     */
    public void reset(long code) {
        server.resetByClient(code);
    }

    /**
     * Wants nothing more (STOP_SENDING). What was not read is lost; reading fails with the same
     * code, as the server's answer is a reset. Of no effect when the server has sent everything.
     *
     * @param code what the server is told
     */
    public void stopSending(long code) {
        server.stopByClient(code);
    }

    /**
     * Reads what is there, or waits for something.
     *
     * @param target where it goes
     * @param offset where it begins there
     * @param count how many bytes at most, 1 and up
     * @return how many bytes were read, or -1 when the server has ended its direction (FIN)
     * @throws StreamResetException when the server has reset the stream, with the code; what it
     *     sent before was read by then
     * @throws IOException when the connection has ended
     */
    public int read(byte[] target, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, target.length);
        int result =
                server.toClient().bytes().read(ByteBuffer.wrap(target, offset, count), PATIENCE);
        if (result == -2) {
            throw new AssertionError(
                    "The server has neither sent on stream "
                            + streamId()
                            + " nor ended it for "
                            + MemoryConnection.PATIENCE);
        }
        return result;
    }

    /**
     * How many bytes the server has sent that were not read.
     *
     * @return a count
     */
    public int available() {
        return server.toClient().bytes().available();
    }

    /**
     * How many times the server has written to the transport.
     *
     * @return a count
     */
    public long serverFlushes() {
        return server.toClient().bytes().writes();
    }

    /**
     * Whether the server has ended its direction, in good order or not.
     *
     * @return true when nothing more will come than {@link #available()}
     */
    public boolean isEndedByServer() {
        return server.toClient().isOver();
    }

    /**
     * Whether the server has asked to stop sending.
     *
     * @return the code, or nothing
     */
    public OptionalLong stopSendingCode() {
        return code(server.toServer().stopCode());
    }

    /**
     * Waits until the server asks to stop sending.
     *
     * @return the code, or nothing when the client's direction or the connection has ended before
     */
    public OptionalLong awaitStopSending() {
        return code(server.toServer().awaitStop(PATIENCE));
    }

    /**
     * Waits until the server resets its direction. What was not read stays to be read.
     *
     * @return the code, or nothing when the direction or the connection has ended in another way
     */
    public OptionalLong awaitReset() {
        return code(server.toClient().awaitReset(PATIENCE));
    }

    private static OptionalLong code(long code) {
        return code == MemoryDirection.NONE ? OptionalLong.empty() : OptionalLong.of(code);
    }

    /**
     * Waits until the server has read all that was sent and waits for more, or does not read any
     * more.
     */
    public void awaitServerIdle() {
        await(true, "The server has not read all of stream ");
    }

    /** Waits until the server waits for this client to take bytes, or has ended its direction. */
    public void awaitServerBlockedInWrite() {
        await(false, "The server has not filled the buffer of stream ");
    }

    private void await(boolean reader, String otherwise) {
        boolean seen;
        try {
            seen =
                    reader
                            ? server.toServer().bytes().awaitReaderWaiting(PATIENCE)
                            : server.toClient().bytes().awaitWriterWaiting(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for the server", e);
        }
        if (!seen) {
            throw new AssertionError(otherwise + streamId());
        }
    }

    @Override
    public String toString() {
        return "stream " + streamId();
    }
}
