package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Frames.CONTINUATION;
import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.PADDED;
import static dev.kestrel.testkit.Http2Frames.PING;
import static dev.kestrel.testkit.Http2Frames.PRIORITY;
import static dev.kestrel.testkit.Http2Frames.PRIORITY_UPDATE;
import static dev.kestrel.testkit.Http2Frames.RST_STREAM;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.WINDOW_UPDATE;
import static dev.kestrel.testkit.Http2Frames.WITH_PRIORITY;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.MemoryConnection;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Good conversations with random changes: frames lost, sent twice, in another order, of another
 * stream, with other flags; bits turned, bytes cut out. A server that has got whole frames answers
 * a PING or ends the connection; one that has not ends it when the client does. It logs nothing
 * unexpected and loses no memory, which {@link TestServer#close} checks.
 *
 * <p>What was found is kept in {@code http2-fuzz-corpus.txt}.
 */
@Timeout(60)
class Http2FuzzTest {

    private static final HttpHandler HANDLER =
            ctx -> {
                switch (ctx.request().path()) {
                    case "/echo" -> ctx.response().send(ctx.request().bodyBytes());
                    case "/trailers" -> {
                        ctx.response().outputStream().write(ctx.request().bodyBytes());
                        ctx.response().trailers().set("sum", "1");
                    }
                    case "/large" -> ctx.response().send(new byte[100_000]);
                    case "/abort" -> ctx.abort();
                    default -> ctx.response().status(404);
                }
            };

    private static byte[] request(String method, String path, String... more) {
        return block(Http2Conversation.request(method, path, more));
    }

    private static List<byte[]> good(int which) {
        int whole = END_STREAM | END_HEADERS;
        byte[] split = request("POST", "/trailers", "a", "b".repeat(100));
        return switch (which) {
            case 0 ->
                    List.of(
                            frame(HEADERS, whole, 1, request("GET", "/none")),
                            frame(HEADERS, whole, 3, request("GET", "/echo", "cookie", "a=b")),
                            frame(HEADERS, END_HEADERS, 5, request("POST", "/echo")),
                            frame(DATA, 0, 5, new byte[100]),
                            frame(DATA, END_STREAM, 5, new byte[10]),
                            frame(RST_STREAM, 0, 3, ints(8)));
            case 1 ->
                    List.of(
                            frame(HEADERS, 0, 1, Arrays.copyOf(split, 30)),
                            frame(CONTINUATION, 0, 1, Arrays.copyOfRange(split, 30, 31)),
                            frame(
                                    CONTINUATION,
                                    END_HEADERS,
                                    1,
                                    Arrays.copyOfRange(split, 31, split.length)),
                            frame(DATA, PADDED, 1, join(new byte[] {3}, new byte[9])),
                            frame(HEADERS, whole, 1, block("sum", "1")),
                            frame(HEADERS, whole, 3, request("GET", "/trailers")));
            case 2 ->
                    List.of(
                            frame(SETTINGS, 0, 0, ints(0x00040000, 0x00100003, 0)),
                            frame(PRIORITY_UPDATE, 0, 0, join(ints(1), bytes("u=1, i"))),
                            frame(HEADERS, whole, 1, request("GET", "/large")),
                            frame(HEADERS, whole, 3, request("GET", "/large", "priority", "u=0")),
                            frame(WINDOW_UPDATE, 0, 0, ints(50_000)),
                            frame(WINDOW_UPDATE, 0, 1, ints(50_000)),
                            frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}),
                            frame(PING, 0, 0, new byte[8]),
                            frame(SETTINGS, 0, 0, new byte[] {0, 1, 0, 0, 0, 0}),
                            frame(RST_STREAM, 0, 3, ints(0)));
            default ->
                    List.of(
                            frame(
                                    HEADERS,
                                    whole | PADDED | WITH_PRIORITY,
                                    1,
                                    join(
                                            new byte[] {2},
                                            ints(0),
                                            new byte[] {15},
                                            request("GET", "/abort"),
                                            new byte[2])),
                            frame(PRIORITY, 0, 1, new byte[5]),
                            frame(HEADERS, END_HEADERS, 3, request("POST", "/none")),
                            frame(DATA, 0, 3, new byte[1000]),
                            frame(DATA, END_STREAM, 3),
                            frame(0x42, 0xff, 3, new byte[20]),
                            frame(
                                    HEADERS,
                                    whole,
                                    5,
                                    HexFormat.of().parseHex("828684418cf1e3c2e5f23a6ba0ab90f4ff")),
                            frame(HEADERS, whole, 7, HexFormat.of().parseHex("828684be5801780f")));
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void changedConversations(long seed) throws IOException {
        try (TestServer server = TestServer.startHttp2(HANDLER)) {
            for (int i = 0; i < 750; i++) {
                Random random = new Random(seed << 32 | i);
                byte[] bytes = changed(random);
                try {
                    say(server, bytes);
                } catch (AssertionError e) {
                    String hex = HexFormat.of().formatHex(bytes);
                    throw new AssertionError("Seed " + seed + ", case " + i + ": " + hex, e);
                }
            }
        }
    }

    @Test
    void whatWasFound() throws IOException {
        try (TestServer server = TestServer.startHttp2(HANDLER);
                BufferedReader corpus =
                        new BufferedReader(
                                new InputStreamReader(
                                        Http2FuzzTest.class.getResourceAsStream(
                                                "/http2-fuzz-corpus.txt"),
                                        StandardCharsets.US_ASCII))) {
            for (String line = corpus.readLine(); line != null; line = corpus.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    say(server, HexFormat.of().parseHex(line.replace(" ", "")));
                }
            }
        }
    }

    private static byte[] changed(Random random) {
        List<byte[]> frames = new ArrayList<>(good(random.nextInt(4)));
        if (random.nextInt(3) == 0) {
            frames.addAll(good(random.nextInt(4)));
        }
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(frames.size());
            byte[] one = frames.get(at).clone();
            switch (random.nextInt(10)) {
                case 0 -> {
                    frames.add(random.nextInt(frames.size() + 1), one);
                    continue;
                }
                case 1 -> {
                    frames.remove(at);
                    frames.add(random.nextInt(frames.size() + 1), one);
                    continue;
                }
                case 2 -> {
                    if (frames.size() > 1) {
                        frames.remove(at);
                    }
                    continue;
                }
                case 3 -> one = set(one, 3, random.nextInt(0x12));
                case 4 -> one = set(one, 4, random.nextInt(256));
                case 5 -> one = set(one, 8, random.nextInt(10));
                case 6 -> {
                    int in = random.nextInt(one.length);
                    one = set(one, in, one[in] ^ (1 << random.nextInt(8)));
                }
                case 7 -> one = set(one, random.nextInt(one.length), random.nextInt(256));
                case 8 -> one = resized(one, random.nextInt(Math.max(1, one.length - 8)));
                default -> one = Arrays.copyOf(one, random.nextInt(one.length) + 1);
            }
            frames.set(at, one);
        }
        return join(frames.toArray(byte[][]::new));
    }

    /** With another byte, unless a change before has cut it off. */
    private static byte[] set(byte[] frame, int at, int value) {
        if (at < frame.length) {
            frame[at] = (byte) value;
        }
        return frame;
    }

    /** A whole frame with a shorter payload. */
    private static byte[] resized(byte[] frame, int length) {
        byte[] shorter = Arrays.copyOf(frame, 9 + length);
        shorter[0] = 0;
        shorter[1] = (byte) (length >> 8);
        shorter[2] = (byte) length;
        return shorter;
    }

    private static void say(TestServer server, byte[] bytes) throws IOException {
        MemoryConnection connection = server.connectHttp2Raw().preface().connection();
        try {
            connection.write(frame(SETTINGS, 0, 0));
            connection.write(bytes);
            connection.write(frame(PING, 0, 0, bytes("markmark")));
        } catch (ConnectionResetException e) {
            return;
        }
        if (isWhole(bytes)) {
            if (!readTo(connection, true)) {
                return;
            }
        }
        connection.finish();
        readTo(connection, false);
    }

    private static boolean isWhole(byte[] bytes) {
        int at = 0;
        while (bytes.length - at >= 9) {
            at +=
                    9
                            + ((bytes[at] & 0xFF) << 16
                                    | (bytes[at + 1] & 0xFF) << 8
                                    | bytes[at + 2] & 0xFF);
        }
        return at == bytes.length;
    }

    /** Reads to the answer of the last PING, or to the end, of which it returns false. */
    private static boolean readTo(MemoryConnection connection, boolean mark) throws IOException {
        DataInputStream input = new DataInputStream(connection.inputStream());
        try {
            while (true) {
                int lengthAndType = input.readInt();
                input.skipNBytes(5);
                byte[] payload = new byte[lengthAndType >>> 8];
                input.readFully(payload);
                if (mark
                        && (lengthAndType & 0xFF) == PING
                        && Arrays.equals(payload, bytes("markmark"))) {
                    return true;
                }
            }
        } catch (EOFException | ConnectionResetException e) {
            return false;
        }
    }
}
