package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/**
 * Frames with mistakes in any place (CVE-2026-27141, CVE-2026-56853): "an unexpected exception
 * closes one connection only", and there is none. The server logs nothing, loses no memory and ends
 * each connection when its client has.
 */
@Timeout(120)
class Http2MutationsTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());
    private static final int WHOLE = Http2Frames.END_HEADERS | Http2Frames.END_STREAM;

    /** A frame of each type. */
    private static byte[] conversation() {
        byte[] get = block(Http2Conversation.request("GET", "/", "cookie", "a=b", "x", "y"));
        byte[] post = block(Http2Conversation.request("POST", "/?q", "content-length", "10"));
        byte[] half = Arrays.copyOf(post, 20);
        byte[] rest = Arrays.copyOfRange(post, 20, post.length);
        return join(
                frame(Http2Frames.SETTINGS, 0, 0, Http2Frames.settings(1, 4096, 4, 1000)),
                frame(Http2Frames.SETTINGS, Http2Frames.ACK, 0),
                frame(Http2Frames.HEADERS, WHOLE, 1, get),
                frame(Http2Frames.PRIORITY_UPDATE, 0, 0, join(ints(3), Http2Frames.bytes("u=1,i"))),
                frame(Http2Frames.HEADERS, 0, 3, half),
                frame(Http2Frames.CONTINUATION, Http2Frames.END_HEADERS, 3, rest),
                frame(Http2Frames.PRIORITY, 0, 3, join(ints(1), new byte[1])),
                frame(Http2Frames.WINDOW_UPDATE, 0, 0, ints(1000)),
                frame(Http2Frames.WINDOW_UPDATE, 0, 3, ints(1000)),
                frame(
                        Http2Frames.DATA,
                        Http2Frames.PADDED,
                        3,
                        join(new byte[] {2}, new byte[5], new byte[2])),
                frame(Http2Frames.PING, 0, 0, new byte[8]),
                frame(Http2Frames.DATA, 0, 3, new byte[5]),
                frame(Http2Frames.HEADERS, WHOLE, 3, block("trailer", "value")),
                frame(Http2Frames.HEADERS, WHOLE, 5, get),
                frame(Http2Frames.RST_STREAM, 0, 5, ints(8)),
                frame(42, 0, 0, new byte[3]),
                frame(Http2Frames.GOAWAY, 0, 0, ints(0, 0)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noBytesDoMoreThanEndTheirConnection(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] good = conversation();
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            for (int round = 0; round < 300; round++) {
                byte[] bytes = good.clone();
                int mistakes = 1 + random.nextInt(3);
                for (int i = 0; i < mistakes; i++) {
                    int at = random.nextInt(bytes.length);
                    switch (random.nextInt(4)) {
                        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                        case 1 -> bytes[at] = (byte) random.nextInt(256);
                        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(at, 1));
                        default -> bytes = without(bytes, at, 1 + random.nextInt(9));
                    }
                }
                Http2Conversation client = server.connectHttp2Raw().unchecked();
                client.connection().write(join(Http2Frames.preface(), bytes));
                client.finish();
                try {
                    client.connection().inputStream().readAllBytes();
                } catch (ConnectionResetException e) {
                    // So it ends, too.
                }
            }
            Http2Attack.expectServed(server.connectHttp2(), 1);
        }
    }

    private static byte[] without(byte[] bytes, int from, int count) {
        int to = Math.min(bytes.length, from + count);
        return bytes.length - (to - from) == 0
                ? bytes
                : join(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
    }
}
