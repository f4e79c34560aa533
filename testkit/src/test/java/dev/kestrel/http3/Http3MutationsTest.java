package dev.kestrel.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.Http3Error;
import dev.kestrel.testkit.Http3Frames;
import dev.kestrel.testkit.MemoryMultiplexedStream;
import dev.kestrel.testkit.TestServer;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Frames with mistakes in any place: an unexpected exception ends one connection only, and there is
 * none. A connection that goes on serves the next request. The server logs nothing and loses no
 * memory, which {@link TestServer#close} checks.
 *
 * <p>What is worth keeping is in {@code http3-fuzz-corpus.txt}, with what has to come of it.
 */
@Timeout(120)
class Http3MutationsTest {

    private static final String SERVES = "serves";

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());

    private static Http3Streams good() {
        byte[] control =
                Http3Frames.join(
                        new byte[] {0},
                        Http3Frames.frame(
                                Http3Frames.SETTINGS, Http3Frames.varInts(1, 100, 6, 9999, 7, 4)),
                        Http3Frames.frame(0x21, new byte[5]),
                        Http3Frames.frame(Http3Frames.MAX_PUSH_ID, (byte) 4),
                        Http3Frames.frame(
                                Http3Frames.PRIORITY_UPDATE,
                                "\0u=1, i".getBytes(StandardCharsets.US_ASCII)));
        byte[] encoder = {2, 0x3f, 69, 0x41, 'x', 1, 'y', (byte) 0xc1, 1, 'z', 0x00};
        byte[] decoder = {3};
        return new Http3Streams(
                List.of(
                        new Http3Streams.Stream(false, control, Http3Streams.End.NONE),
                        new Http3Streams.Stream(false, encoder, Http3Streams.End.NONE),
                        new Http3Streams.Stream(false, decoder, Http3Streams.End.NONE),
                        new Http3Streams.Stream(true, request(), Http3Streams.End.FIN),
                        new Http3Streams.Stream(true, request(), Http3Streams.End.FIN)));
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

    @Test
    void withoutAMistakeItServes() throws IOException {
        try (TestServer server = TestServer.startHttp3(ECHO)) {
            assertThat(outcome(server, good(), 1)).isEqualTo(SERVES);
            assertThat(outcome(server, good(), 1000)).isEqualTo(SERVES);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noBytesDoMoreThanEndTheirConnection(long seed) throws IOException {
        Random random = new Random(seed);
        try (TestServer server = TestServer.startHttp3(ECHO)) {
            for (int round = 0; round < 200; round++) {
                Http3Streams streams = mutated(good(), random);
                try {
                    assertThat(outcome(server, streams, 1 + random.nextInt(40))).isNotEmpty();
                } catch (IOException | AssertionError e) {
                    throw new AssertionError("Round " + round + ": " + streams, e);
                }
            }
        }
    }

    /** Each line holds in one piece and octet by octet. */
    @Test
    void whatIsKept() throws IOException {
        SoftAssertions soft = new SoftAssertions();
        try (TestServer server = TestServer.startHttp3(ECHO);
                BufferedReader corpus =
                        new BufferedReader(
                                new InputStreamReader(
                                        Objects.requireNonNull(
                                                Http3MutationsTest.class.getResourceAsStream(
                                                        "/http3-fuzz-corpus.txt")),
                                        StandardCharsets.US_ASCII))) {
            for (String line = corpus.readLine(); line != null; line = corpus.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    int space = line.indexOf(' ');
                    String expected = line.substring(0, space);
                    Http3Streams streams = Http3Streams.parse(line.substring(space));
                    soft.assertThat(outcome(server, streams, 1000)).as(line).isEqualTo(expected);
                    soft.assertThat(outcome(server, streams, 1)).as(line).isEqualTo(expected);
                }
            }
        }
        soft.assertAll();
    }

    /** The name of the connection's error, or that it serves a further request. */
    private static String outcome(TestServer server, Http3Streams streams, int piece)
            throws IOException {
        Http3Conversation client = server.connectHttp3Raw();
        try {
            streams.send(client, piece);
            client.awaitServerIdle();
            if (client.connection().isEnded()) {
                long code = client.connection().awaitCloseCode().orElseThrow();
                assertThat(code).as("the code").isBetween(0x100L, 0x202L);
                return Http3Error.nameOf(code);
            }
            MemoryMultiplexedStream next = client.connection().openBidirectionalStream();
            next.finish(
                    Http3Frames.frame(
                            Http3Frames.HEADERS,
                            Http3Frames.section(Http3Frames.request("GET", "/"))));
            byte[] answer = new byte[1];
            assertThat(next.read(answer, 0, 1)).as("an answer").isEqualTo(1);
            return SERVES;
        } catch (StreamResetException e) {
            return "reset with " + Http3Error.nameOf(e.errorCode());
        } finally {
            client.close();
        }
    }

    private static Http3Streams mutated(Http3Streams good, Random random) {
        List<Http3Streams.Stream> streams = new ArrayList<>(good.streams());
        int which = random.nextInt(streams.size());
        Http3Streams.Stream one = streams.get(which);
        Http3Streams.End[] ends = Http3Streams.End.values();
        Http3Streams.End end = random.nextInt(8) == 0 ? ends[random.nextInt(3)] : one.end();
        streams.set(
                which, new Http3Streams.Stream(one.request(), mutate(one.octets(), random), end));
        return new Http3Streams(streams);
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int mistakes = 1 + random.nextInt(3);
        for (int i = 0; i < mistakes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(at, 1));
                case 3 ->
                        bytes =
                                Http3Frames.join(
                                        Arrays.copyOf(bytes, at),
                                        new byte[] {(byte) random.nextInt(256)},
                                        Arrays.copyOfRange(bytes, at, bytes.length));
                default ->
                        // Said twice.
                        bytes =
                                Http3Frames.join(
                                        bytes, Arrays.copyOfRange(bytes, at, bytes.length));
            }
        }
        return bytes;
    }
}
