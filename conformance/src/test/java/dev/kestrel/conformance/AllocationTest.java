package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.ManualTimeProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * How many bytes a request costs the collector. One connection brings the same request over and
 * over; nobody else runs, so whatever the process allocates in that time the server did. Virtual
 * threads allocate on their carriers, which is why the total of all threads is taken; the least of
 * several rounds leaves out what the virtual machine does on the side.
 */
@Timeout(120)
class AllocationTest {

    private static final int ROUNDS = 5;
    private static final int REQUESTS = 10_000;
    private static final int MOST_BYTES_PER_REQUEST = 300;

    private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
    private static final HttpHandler PLAINTEXT =
            ctx -> ctx.response().contentType("text/plain").send(HELLO);
    private static final byte[] REQUEST =
            ("GET /plaintext HTTP/1.1\r\n"
                            + "Host: localhost:8080\r\n"
                            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
                            + "Accept: text/plain,text/html;q=0.9,application/xml;q=0.8,*/*;q=0.7\r\n"
                            + "Accept-Language: en-US,en;q=0.5\r\n"
                            + "Connection: keep-alive\r\n"
                            + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private static volatile byte[] waste = {};

    @Test
    void aKeepAliveRequestAllocatesNextToNothing() throws IOException, InterruptedException {
        assertThat(bytesPerRequest(PLAINTEXT)).isLessThan(MOST_BYTES_PER_REQUEST);
    }

    /** The measure would be worth nothing if it missed what runs on virtual threads. */
    @Test
    void whatAHandlerAllocatesIsSeen() throws IOException, InterruptedException {
        HttpHandler wasteful =
                ctx -> {
                    waste = new byte[1000];
                    PLAINTEXT.handle(ctx);
                };
        assertThat(bytesPerRequest(wasteful)).isBetween(1000L, 1000L + MOST_BYTES_PER_REQUEST);
    }

    private static long bytesPerRequest(HttpHandler handler)
            throws IOException, InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(threads.isThreadAllocatedMemoryEnabled()).isTrue();
        long[] marks = new long[ROUNDS + 1];
        MemoryPool pool = new MemoryPool();
        RepeatedRequest client =
                new RepeatedRequest(
                        REQUEST,
                        REQUESTS * ROUNDS,
                        served -> {
                            if (served % REQUESTS == 0) {
                                marks[served / REQUESTS] = threads.getTotalThreadAllocatedBytes();
                            }
                        });
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
        assertThat(client.bytesWritten()).isGreaterThan((long) REQUESTS * ROUNDS * HELLO.length);
        long least = Long.MAX_VALUE;
        for (int i = 1; i <= ROUNDS; i++) {
            least = Math.min(least, (marks[i] - marks[i - 1]) / REQUESTS);
        }
        return least;
    }
}
