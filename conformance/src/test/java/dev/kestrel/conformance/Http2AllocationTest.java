package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.ManualTimeProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * How many bytes a request over HTTP/2 costs the collector, measured like those of {@link
 * AllocationTest}. The threads are part of it: each stream has a new one.
 */
@Timeout(120)
class Http2AllocationTest {

    private static final int ROUNDS = 5;
    private static final int REQUESTS = 10_000;
    private static final int MOST_BYTES_PER_REQUEST = 700;

    private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
    private static final HttpHandler PLAINTEXT =
            ctx -> ctx.response().contentType("text/plain").send(HELLO);
    private static final String[] FIELDS = {
        ":method", "GET",
        ":scheme", "http",
        ":path", "/plaintext",
        ":authority", "localhost:8080",
        "user-agent", "Mozilla/5.0 (X11; Linux x86_64)",
        "accept", "text/plain,text/html;q=0.9,application/xml;q=0.8,*/*;q=0.7",
        "accept-language", "en-US,en;q=0.5",
        "accept-encoding", "gzip, deflate",
        "referer", "http://localhost:8080/"
    };

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
                    waste = new byte[1000];
                    PLAINTEXT.handle(ctx);
                };
        assertThat(bytesPerRequest(wasteful, 1)).isBetween(1000L, 1000L + MOST_BYTES_PER_REQUEST);
    }

    private static long bytesPerRequest(HttpHandler handler, int atOnce)
            throws IOException, InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(threads.isThreadAllocatedMemoryEnabled()).isTrue();
        long[] marks = new long[ROUNDS + 1];
        MemoryPool pool = new MemoryPool();
        RepeatedHttp2Request client =
                new RepeatedHttp2Request(
                        REQUESTS * ROUNDS,
                        atOnce,
                        served -> {
                            if (served % REQUESTS == 0) {
                                marks[served / REQUESTS] = threads.getTotalThreadAllocatedBytes();
                            }
                        },
                        FIELDS);
        OneConnectionTransport transport = new OneConnectionTransport(pool, client, client);
        try (KestrelServer server =
                KestrelServer.builder()
                        .options(options -> options.timeProvider(new ManualTimeProvider()))
                        .memoryPool(pool)
                        .transport(transport)
                        .listen(OneConnectionTransport.END_POINT)
                        .handler(handler)
                        .start()) {
            transport.awaitEnd();
            assertThat(server.statistics().requests()).isEqualTo(REQUESTS * ROUNDS);
        }
        assertThat(client.answered()).isEqualTo(REQUESTS * ROUNDS);
        long least = Long.MAX_VALUE;
        for (int i = 1; i <= ROUNDS; i++) {
            least = Math.min(least, (marks[i] - marks[i - 1]) / REQUESTS);
        }
        return least;
    }
}
