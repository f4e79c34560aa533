package dev.kestrel.conformance;

import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.GOAWAY;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.RST_STREAM;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.WINDOW_UPDATE;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;
import static dev.kestrel.testkit.Http2Frames.preface;
import static dev.kestrel.testkit.Http2Frames.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Random;

/** Connections that end in the middle of something, or with GOAWAY for what they did. */
final class RudeHttp2Client {

    private static final int PROTOCOL_ERROR = 1;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int MANY = 10;

    /**
     * More than 200 may not be reset in a while, and no more than 100 be refused because too many
     * that were reset still run.
     */
    private static final int RESETS = 400;

    private final Socket socket;

    private RudeHttp2Client(Socket socket) {
        this.socket = socket;
    }

    /** Connects, does one of these things, and leaves. */
    static void attack(int port, Random random) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            new RudeHttp2Client(socket).attack(random.nextInt(9));
            if (random.nextBoolean()) {
                // A reset instead of an orderly end.
                socket.setSoLinger(true, 0);
            }
        }
    }

    private void attack(int kind) throws IOException {
        switch (kind) {
            case 0 -> send(Arrays.copyOf(preface(), 11));
            case 1 -> start(frame(HEADERS, END_STREAM, 1, request("GET", "/10")));
            case 2 -> {
                byte[] head = frame(HEADERS, END_HEADERS, 1, request("POST", "/"));
                byte[] data = frame(DATA, 0, 1, new byte[10_000]);
                start(head, data, Arrays.copyOf(data, 5_000));
            }
            case 3 -> {
                start(get(1, 3_000_000), frame(WINDOW_UPDATE, 0, 1, ints(1 << 30)));
                assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
            }
            case 4 -> {
                // More than the windows let go.
                start();
                for (int i = 0; i < MANY; i++) {
                    send(get(2 * i + 1, 3_000_000));
                }
                assertThat(socket.getInputStream().readNBytes(20_000)).hasSize(20_000);
            }
            case 5 -> {
                start(get(1, 100_000), frame(DATA, 0, 0, new byte[10]));
                assertThat(goAway()).isEqualTo(PROTOCOL_ERROR);
            }
            case 6 -> {
                start(get(1, 100_000), frame(HEADERS, END_HEADERS, 3, (byte) 0x80));
                assertThat(goAway()).isEqualTo(COMPRESSION_ERROR);
            }
            case 7 -> {
                // Without a window no request is answered before its reset.
                start(frame(SETTINGS, 0, 0, settings(INITIAL_WINDOW_SIZE, 0)));
                byte[][] resets = new byte[RESETS][];
                for (int i = 0; i < RESETS; i++) {
                    int id = 2 * i + 1;
                    resets[i] = join(get(id, 10), frame(RST_STREAM, 0, id, ints(8)));
                }
                send(join(resets));
                assertThat(goAwayOrReset()).isEqualTo(ENHANCE_YOUR_CALM);
            }
            default -> {
                // The answer does not wait for the body, which never ends.
                start(frame(HEADERS, END_HEADERS, 1, request("GET", "/10")));
                assertThat(socket.getInputStream().readNBytes(50)).hasSize(50);
            }
        }
    }

    private static byte[] request(String method, String path) {
        return block(":method", method, ":scheme", "http", ":path", path, ":authority", "x");
    }

    private static byte[] get(int streamId, int size) {
        return frame(HEADERS, END_HEADERS | END_STREAM, streamId, request("GET", "/" + size));
    }

    private void start(byte[]... frames) throws IOException {
        send(join(preface(), frame(SETTINGS, 0, 0), join(frames)));
    }

    private void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            // The server has had enough; what it says can still be read.
        }
    }

    /** The same where the server is so short of patience that its GOAWAY may not arrive. */
    private int goAwayOrReset() throws IOException {
        try {
            return goAway();
        } catch (SocketException e) {
            return ENHANCE_YOUR_CALM;
        }
    }

    /** Reads until GOAWAY. Its answer is the error code. */
    private int goAway() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            int lengthAndType = in.readInt();
            in.readUnsignedByte();
            in.readInt();
            byte[] payload = in.readNBytes(lengthAndType >>> 8);
            if ((lengthAndType & 0xFF) == GOAWAY) {
                return payload[7];
            }
        }
    }
}
