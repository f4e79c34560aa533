package dev.kestrel.conformance.h2spec;

import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;

import dev.kestrel.testkit.Http2Frames;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client of one connection: frames of any kind, as they are, and what h2spec says of replies. */
final class H2SpecConnection implements Closeable {

    /** How long a test that fails may take. */
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private final String authority;
    private final Map<Integer, Integer> settings = new HashMap<>();

    /** Connects, over TLS when there is a context for it. */
    H2SpecConnection(int port, @Nullable SSLContext tls) throws IOException {
        Socket transport = new Socket(InetAddress.getLoopbackAddress(), port);
        transport.setTcpNoDelay(true);
        socket = tls == null ? transport : secured(transport, tls);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        authority = "127.0.0.1:" + port;
    }

    private static Socket secured(Socket transport, SSLContext tls) throws IOException {
        SSLSocket secured =
                (SSLSocket)
                        tls.getSocketFactory()
                                .createSocket(transport, "localhost", transport.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    /** The scheme of its requests. */
    String scheme() {
        return socket instanceof SSLSocket ? "https" : "http";
    }

    /** Sends the preface and SETTINGS, and waits for the server's SETTINGS and its answer. */
    void handshake() throws IOException {
        send(Http2Frames.preface());
        settings(Http2Frames.INITIAL_WINDOW_SIZE, 65_535);
        boolean answered = false;
        boolean known = false;
        while (!answered || !known) {
            H2SpecFrame frame = read();
            if (frame == null) {
                throw new AssertionError("The server has closed the connection");
            }
            if (frame.type() == SETTINGS && frame.isAck()) {
                answered = true;
            } else if (frame.type() == SETTINGS) {
                known = true;
                ByteBuffer payload = ByteBuffer.wrap(frame.payload());
                while (payload.hasRemaining()) {
                    settings.put((int) payload.getShort(), payload.getInt());
                }
                send(frame(SETTINGS, Http2Frames.ACK, 0));
            }
        }
    }

    int setting(int id, int otherwise) {
        return settings.getOrDefault(id, otherwise);
    }

    /** Sends bytes. That the server has closed already is for the verdict, not for here. */
    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // What the server has sent before can still be read.
        }
    }

    /** Sends HEADERS with END_HEADERS. */
    void headers(int streamId, boolean endStream, byte[] block) {
        headersFrame(streamId, Http2Frames.END_HEADERS, endStream, block);
    }

    /** Sends HEADERS without END_HEADERS. */
    void openHeaders(int streamId, boolean endStream, byte[] block) {
        headersFrame(streamId, 0, endStream, block);
    }

    private void headersFrame(int streamId, int flags, boolean endStream, byte[] block) {
        send(frame(HEADERS, flags | (endStream ? Http2Frames.END_STREAM : 0), streamId, block));
    }

    void continuation(int streamId, boolean endHeaders, byte[] block) {
        int flags = endHeaders ? Http2Frames.END_HEADERS : 0;
        send(frame(Http2Frames.CONTINUATION, flags, streamId, block));
    }

    void data(int streamId, boolean endStream, String text) {
        int flags = endStream ? Http2Frames.END_STREAM : 0;
        send(frame(DATA, flags, streamId, Http2Frames.bytes(text)));
    }

    void priority(int streamId, int dependency, boolean exclusive, int weight) {
        byte[] payload = priorityFields(dependency, exclusive, weight);
        send(frame(Http2Frames.PRIORITY, 0, streamId, payload));
    }

    static byte[] priorityFields(int dependency, boolean exclusive, int weight) {
        return Http2Frames.join(
                ints(exclusive ? dependency | Integer.MIN_VALUE : dependency),
                new byte[] {(byte) weight});
    }

    void reset(int streamId, int code) {
        send(frame(Http2Frames.RST_STREAM, 0, streamId, ints(code)));
    }

    void settings(int... idValuePairs) {
        send(frame(SETTINGS, 0, 0, Http2Frames.settings(idValuePairs)));
    }

    void ping(boolean ack, String eightBytes) {
        int flags = ack ? Http2Frames.ACK : 0;
        send(frame(Http2Frames.PING, flags, 0, Http2Frames.bytes(eightBytes)));
    }

    void goAway(int code, String debugData) {
        byte[] payload = Http2Frames.join(ints(0, code), Http2Frames.bytes(debugData));
        send(frame(Http2Frames.GOAWAY, 0, 0, payload));
    }

    void windowUpdate(int streamId, int increment) {
        send(frame(Http2Frames.WINDOW_UPDATE, 0, streamId, ints(increment)));
    }

    /** The header fields that each request has, and others. */
    byte[] get(String... more) {
        return Http2Frames.join(request("GET"), Http2Frames.block(more));
    }

    /** The same with the method POST. */
    byte[] post(String... more) {
        return Http2Frames.join(request("POST"), Http2Frames.block(more));
    }

    byte[] request(String method) {
        return Http2Frames.block(
                ":method", method, ":scheme", scheme(), ":path", "/", ":authority", authority);
    }

    String authority() {
        return authority;
    }

    /** Long header fields. */
    static byte[] dummies(int count) {
        byte[][] fields = new byte[count][];
        for (int i = 0; i < count; i++) {
            fields[i] = Http2Frames.block("x-dummy" + i, "x".repeat(4000));
        }
        return Http2Frames.join(fields);
    }

    /** The next frame; {@code null} when the connection is closed, in whatever way. */
    @Nullable H2SpecFrame read() throws IOException {
        try {
            int lengthAndType = in.readInt();
            int flags = in.readUnsignedByte();
            int streamId = in.readInt() & Integer.MAX_VALUE;
            byte[] payload = new byte[lengthAndType >>> 8];
            in.readFully(payload);
            return new H2SpecFrame(lengthAndType & 0xFF, flags, streamId, payload);
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** All that is still sent until the connection is closed, as text. */
    String readRest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    H2SpecVerdict expect() {
        return new H2SpecVerdict(this);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
