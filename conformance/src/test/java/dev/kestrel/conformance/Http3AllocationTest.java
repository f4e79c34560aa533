package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.Http3Frames;
import dev.kestrel.testkit.ManualTimeProvider;
import dev.kestrel.testkit.TestCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * How many bytes a request over HTTP/3 costs the collector, measured like those of {@link
 * AllocationTest}. Its thread and the pipes of its stream are part of it.
 */
@Timeout(120)
class Http3AllocationTest {

    private static final int ROUNDS = 5;
    private static final int REQUESTS = 10_000;
    private static final int MOST_BYTES_PER_REQUEST = 1400;

    /** GET, https, a path, an authority and a user-agent, with names of the static table. */
    private static final byte[] HEAD =
            Http3Frames.join(
                    new byte[] {0, 0, (byte) 0xd1, (byte) 0xd7},
                    literal("/plaintext", 0x51),
                    literal("localhost", 0x50),
                    literal("Mozilla/5.0 (X11; Linux x86_64)", 0x5f, 0x50));

    private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
    private static final HttpHandler PLAINTEXT =
            ctx -> ctx.response().contentType("text/plain").send(HELLO);

    private static volatile byte[] waste = {};

    @ParameterizedTest
    @ValueSource(ints = {1, 50})
    void aRequestOnAConnectionInUseAllocatesLittleMoreThanItsThread(int atOnce)
            throws IOException, InterruptedException {
        assertThat(bytesPerRequest(PLAINTEXT, atOnce)).isLessThan(MOST_BYTES_PER_REQUEST);
    }

    /** The measure would be worth nothing if it missed what runs on virtual threads. */
    @Test
    void whatAHandlerAllocatesIsSeen() throws IOException, InterruptedException {
        HttpHandler wasteful =
                ctx -> {
                    waste = new byte[2000];
                    PLAINTEXT.handle(ctx);
                };
        assertThat(bytesPerRequest(wasteful, 1)).isBetween(2000L, 2000L + MOST_BYTES_PER_REQUEST);
    }

    /** RFC 9204 section 4.5.4. */
    private static byte[] literal(String value, int... name) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet : name) {
            line.write(octet);
        }
        line.write(value.length());
        line.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
        return line.toByteArray();
    }

    private static long bytesPerRequest(HttpHandler handler, int atOnce)
            throws IOException, InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(threads.isThreadAllocatedMemoryEnabled()).isTrue();
        long[] marks = new long[ROUNDS + 1];
        RepeatedHttp3Connection client =
                new RepeatedHttp3Connection(
                        REQUESTS * ROUNDS,
                        atOnce,
                        served -> {
                            if (served % REQUESTS == 0) {
                                marks[served / REQUESTS] = threads.getTotalThreadAllocatedBytes();
                            }
                        },
                        Http3Frames.frame(Http3Frames.HEADERS, HEAD));
        try (KestrelServer server =
                KestrelServer.builder()
                        .options(options -> options.timeProvider(new ManualTimeProvider()))
                        .multiplexedTransport(new OneMultiplexedTransport(client))
                        .listen(
                                OneConnectionTransport.END_POINT,
                                endPoint ->
                                        endPoint.https(TestCertificate.server())
                                                .protocols(HttpVersion.HTTP_3))
                        .handler(handler)
                        .start()) {
            client.awaitEnd();
            assertThat(server.statistics().requests()).isEqualTo(REQUESTS * ROUNDS);
        }
        assertThat(client.served()).isEqualTo(REQUESTS * ROUNDS);
        long least = Long.MAX_VALUE;
        for (int i = 1; i <= ROUNDS; i++) {
            least = Math.min(least, (marks[i] - marks[i - 1]) / REQUESTS);
        }
        return least;
    }
}
