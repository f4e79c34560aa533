package dev.kestrel.http3;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.Http3Frames;
import dev.kestrel.testkit.MemoryMultiplexedStream;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Frames with mistakes in any place: an unexpected exception ends one connection only, and there is
 * none. The server logs nothing and loses no memory, which {@link TestServer#close} checks.
 */
@Timeout(120)
class Http3MutationsTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());

    private static byte[] control() {
        return Http3Frames.join(
                new byte[] {0},
                Http3Frames.frame(Http3Frames.SETTINGS, Http3Frames.varInts(1, 100, 6, 9999, 7, 4)),
                Http3Frames.frame(0x21, new byte[5]),
                Http3Frames.frame(Http3Frames.MAX_PUSH_ID, (byte) 4),
                Http3Frames.frame(
                        Http3Frames.PRIORITY_UPDATE,
                        "\0u=1, i".getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] request() {
        return Http3Frames.join(
                Http3Frames.frame(0x21, new byte[3]),
                Http3Frames.frame(
                        Http3Frames.HEADERS,
                        Http3Frames.section(
                                Http3Frames.request("POST", "/?q", "cookie", "a=b", "x", "y"))),
                Http3Frames.frame(Http3Frames.DATA, new byte[9]),
                Http3Frames.frame(Http3Frames.HEADERS, Http3Frames.section("trailer", "value")));
    }

    private static byte[] encoder() {
        return new byte[] {2, 0x3f, 69, 0x41, 'x', 1, 'y', (byte) 0xc1, 1, 'z', 0x00};
    }

    private static byte[] decoder() {
        return new byte[] {3, 0x44, 0x48};
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noBytesDoMoreThanEndTheirConnection(long seed) throws IOException {
        Random random = new Random(seed);
        try (TestServer server = TestServer.startHttp3(ECHO)) {
            for (int round = 0; round < 100; round++) {
                Http3Conversation client = server.connectHttp3Raw();
                byte[][] streams = {control(), encoder(), decoder(), request(), request()};
                int which = random.nextInt(streams.length);
                streams[which] = mutate(streams[which], random);
                try {
                    for (int i = 0; i < streams.length; i++) {
                        MemoryMultiplexedStream stream =
                                i < 3
                                        ? client.connection().openUnidirectionalStream()
                                        : client.connection().openBidirectionalStream();
                        stream.write(streams[i]);
                        if (i >= 3) {
                            stream.finish();
                        }
                    }
                } catch (IOException e) {
                    // So it ends, too.
                }
                client.awaitServerIdle();
                client.close();
            }
            server.connectHttp3().get(0, "/").expectResponse(0).status(200);
        }
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int mistakes = 1 + random.nextInt(3);
        for (int i = 0; i < mistakes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(at, 1));
                default ->
                        bytes =
                                Http3Frames.join(
                                        Arrays.copyOf(bytes, at),
                                        new byte[] {(byte) random.nextInt(256)},
                                        Arrays.copyOfRange(bytes, at, bytes.length));
            }
        }
        return bytes;
    }
}
