package dev.kestrel.testkit;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * The client's end of a connection in memory. One thread reads, one writes.
 *
 * <p>Every wait ends with an {@link AssertionError} after {@link #PATIENCE}: by then the other side
 * will not do any more what is waited for.
 */
public final class MemoryConnection implements AutoCloseable {

    /**
     * How long a test waits for the other side before it fails. No test that passes waits so long.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MemoryServerConnection server;
    private final MemoryStream toServer;
    private final MemoryStream toClient;
    private volatile @Nullable MemoryTls tls;

    MemoryConnection(MemoryServerConnection server, MemoryStream toServer, MemoryStream toClient) {
        this.server = server;
        this.toServer = toServer;
        this.toClient = toClient;
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
     * Speaks TLS from here on: shakes hands, and {@link #write}, {@link #read} and {@link #finish}
     * are those inside. A server that ends the connection without close_notify fails the test.
     *
     * @param engine the client's side, which has not begun
     * @return this
     * @throws IOException when there was no agreement
     */
    public MemoryConnection startTls(SSLEngine engine) throws IOException {
        MemoryTls client = new MemoryTls(engine, toServer, toClient);
        client.handshake();
        tls = client;
        return this;
    }

    /**
     * Speaks TLS from here on, as {@link #startTls(SSLEngine)}, with the client of {@link
     * TestCertificate}.
     *
     * @param serverName the name that is wanted
     * @param applicationProtocols what is offered by ALPN
     * @return this
     * @throws IOException when there was no agreement
     */
    public MemoryConnection startTls(String serverName, String... applicationProtocols)
            throws IOException {
        SSLEngine engine = TestCertificate.client().createSSLEngine(serverName, 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        parameters.setApplicationProtocols(applicationProtocols);
        engine.setSSLParameters(parameters);
        return startTls(engine);
    }

    /**
     * Sends bytes; waits while the server has more unread than the transport holds.
     *
     * @param bytes what to send
     * @throws IOException when the server has reset the connection
     */
    public void write(byte... bytes) throws IOException {
        send(ByteBuffer.wrap(bytes));
    }

    private void send(ByteBuffer bytes) throws IOException {
        MemoryTls secured = tls;
        if (secured != null) {
            secured.write(bytes);
        } else {
            ByteBuffer[] one = {bytes};
            toServer.write(one, 1);
        }
    }

    /**
     * Sends bytes that TLS knows nothing of, as somebody on the way could.
     *
     * @param bytes what to send
     * @throws IOException when the server has reset the connection
     */
    public void writeBeneathTls(byte... bytes) throws IOException {
        ByteBuffer[] one = {ByteBuffer.wrap(bytes)};
        toServer.write(one, 1);
    }

    /** Says that nothing more will be sent (FIN). Reading goes on. */
    public void finish() {
        MemoryTls secured = tls;
        if (secured != null) {
            try {
                secured.finish();
            } catch (IOException e) {
                // The server has ended the connection: there is nobody to tell.
            }
        }
        toServer.finish();
    }

    /** Ends the stream of bytes without the end of TLS, as somebody on the way could. */
    public void cut() {
        toServer.finish();
    }

    /** Breaks the connection (RST): the server's reads and writes fail. */
    public void reset() {
        server.resetByClient();
    }

    /**
     * Reads what is there, or waits for something.
     *
     * @param target where it goes
     * @param offset where it begins there
     * @param count how many bytes at most, 1 and up
     * @return how many bytes were read, or -1 when the server has ended the stream (FIN)
     * @throws dev.kestrel.connections.ConnectionResetException when the server has aborted the
     *     connection
     * @throws IOException when this end has reset the connection
     */
    public int read(byte[] target, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, target.length);
        MemoryTls secured = tls;
        if (secured != null) {
            return secured.read(target, offset, count, PATIENCE.toNanos());
        }
        int result = toClient.read(ByteBuffer.wrap(target, offset, count), PATIENCE.toNanos());
        if (result == -2) {
            throw new AssertionError(
                    "The server has neither answered nor ended the connection for " + PATIENCE);
        }
        return result;
    }

    /**
     * How many bytes the server has sent that were not read.
     *
     * @return a count
     */
    public int available() {
        MemoryTls secured = tls;
        if (secured == null) {
            return toClient.available();
        }
        try {
            return secured.available();
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * How many times the server has written to the transport: one for each flush of up to 128 KiB.
     *
     * @return a count
     */
    public long serverFlushes() {
        return toClient.writes();
    }

    /**
     * Whether the server has ended its stream or aborted.
     *
     * @return true when nothing more will come than {@link #available()}
     */
    public boolean isEndedByServer() {
        return toClient.isOver();
    }

    /**
     * Waits until the server has read all that was sent and waits for more, or has ended the
     * connection. With HTTP/1.1 that means: it is done with everything that it can do so far,
     * unless a handler has asked to be told of an abort, for then the server reads ahead while the
     * handler runs.
     */
    public void awaitServerIdle() {
        try {
            if (!toServer.awaitReaderWaiting(PATIENCE.toNanos())) {
                throw new AssertionError("The server has not come to rest for " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for the server", e);
        }
    }

    /**
     * Waits until the server waits for this client without a thread, or has ended the connection.
     */
    public void awaitServerAtRest() {
        try {
            if (!toServer.awaitReaderResting(PATIENCE.toNanos())) {
                throw new AssertionError("The server has kept its thread for " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for the server", e);
        }
    }

    /**
     * Whether the server waits for this client without a thread.
     *
     * @return true until something is sent
     */
    public boolean isServerAtRest() {
        return toServer.isReaderResting();
    }

    /** Waits until the server waits for this client to take bytes, or has ended the connection. */
    public void awaitServerBlockedInWrite() {
        try {
            if (!toClient.awaitWriterWaiting(PATIENCE.toNanos())) {
                throw new AssertionError(
                        "The server has not filled the transport's buffer for " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while waiting for the server", e);
        }
    }

    /**
     * What the server sends, as a stream.
     *
     * @return a new stream over this end
     */
    public InputStream inputStream() {
        return new InputStream() {
            private final byte[] one = new byte[1];

            @Override
            public int read() throws IOException {
                return MemoryConnection.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                return count == 0 ? 0 : MemoryConnection.this.read(target, offset, count);
            }

            @Override
            public int available() {
                return MemoryConnection.this.available();
            }
        };
    }

    /**
     * The way to the server, as a stream; closing it is {@link #finish()}.
     *
     * @return a new stream over this end
     */
    public OutputStream outputStream() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                MemoryConnection.this.write((byte) value);
            }

            @Override
            public void write(byte[] source, int offset, int count) throws IOException {
                send(ByteBuffer.wrap(source, offset, count));
            }

            @Override
            public void close() {
                finish();
            }
        };
    }

    /**
     * Ends both directions as a client that is done: sends FIN, and drops whatever the server still
     * sends.
     */
    @Override
    public void close() {
        // What is not read shall not keep the server from ending.
        toServer.finish();
        toClient.drop();
    }
}
