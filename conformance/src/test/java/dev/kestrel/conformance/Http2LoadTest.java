package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpContext;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.DiagnosticMemoryPool;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What {@link LoadTest} is for HTTP/1.1: connections with many streams at once beside clients that
 * break off or break the rules, bounded in number. Every answer is the right one, the application
 * sees no failure, and in the end every block of memory is back.
 */
@Timeout(120)
class Http2LoadTest {

    private static final int STEADY_CLIENTS = 6;
    private static final int STREAMS = 16;
    private static final int REQUESTS_PER_STREAM = 20;
    private static final int RUDE_CLIENTS = 16;
    private static final int ROUNDS = 15;

    private static final int[] WINDOWS = {1_000, 65_535, 1 << 20};

    @Test
    void wellBehavedAndOtherClientsAtOnce() throws Exception {
        try (DiagnosticMemoryPool pool = new DiagnosticMemoryPool()) {
            KestrelServer server =
                    KestrelServer.builder()
                            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .memoryPool(pool)
                            .handler(Http2LoadTest::answer)
                            .start();
            try (server;
                    ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < STEADY_CLIENTS; i++) {
                    int window = WINDOWS[i % WINDOWS.length];
                    running.add(
                            clients.submit(
                                    () -> {
                                        steady(server.port(), window, clients);
                                        return null;
                                    }));
                }
                for (int i = 0; i < RUDE_CLIENTS; i++) {
                    Random random = new Random(i);
                    running.add(
                            clients.submit(
                                    () -> {
                                        for (int round = 0; round < ROUNDS; round++) {
                                            RudeHttp2Client.attack(server.port(), random);
                                        }
                                        return null;
                                    }));
                }
                for (Future<?> client : running) {
                    client.get();
                }
                server.stop(Duration.ofSeconds(10));
                assertThat(server.statistics().openConnections()).isZero();
                assertThat(server.statistics().applicationErrors()).isZero();
                assertThat(server.statistics().requests())
                        .isGreaterThan(STEADY_CLIENTS * STREAMS * REQUESTS_PER_STREAM);
            }
            pool.assertAllReturned();
            pool.assertSound();
        }
    }

    /** The target says how many bytes to answer; a body is answered with its length. */
    private static void answer(HttpContext ctx) throws IOException {
        if (ctx.request().method().equals("POST")) {
            OutputStream nowhere = OutputStream.nullOutputStream();
            ctx.response().send("got " + ctx.request().inputStream().transferTo(nowhere));
            return;
        }
        int size = Integer.parseInt(ctx.request().path().substring(1));
        OutputStream out = ctx.response().contentLength(size).outputStream();
        byte[] piece = new byte[1000];
        for (int left = size; left > 0; left -= piece.length) {
            out.write(piece, 0, Math.min(left, piece.length));
        }
    }

    private static void steady(int port, int window, ExecutorService threads) throws Exception {
        Http2Settings settings = Http2Settings.defaultSettings().initialWindowSize(window);
        try (NettyClient client = new NettyClient(port, settings)) {
            List<Future<?>> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                Random random = new Random(window + i);
                streams.add(
                        threads.submit(
                                () -> {
                                    for (int n = 0; n < REQUESTS_PER_STREAM; n++) {
                                        request(client, random);
                                    }
                                    return null;
                                }));
            }
            for (Future<?> stream : streams) {
                stream.get();
            }
        }
    }

    private static void request(NettyClient client, Random random) throws Exception {
        switch (random.nextInt(8)) {
            case 0 -> {
                byte[] body = new byte[1 + random.nextInt(60_000)];
                NettyStream stream = client.open();
                stream.request("POST", "/", false);
                stream.send(body, true);
                assertThat(stream.response().text()).isEqualTo("got " + body.length);
            }
            case 1 -> {
                NettyStream stream = client.openSlow();
                stream.request("GET", "/3000000", true);
                assertThat(stream.next()).isInstanceOf(NettyStream.Event.Fields.class);
                stream.reset(Http2Error.CANCEL);
            }
            case 2 -> download(client, random.nextInt(40_000));
            default -> download(client, random.nextInt(50));
        }
    }

    private static void download(NettyClient client, int size) throws Exception {
        NettyStream.Response response = client.get("/" + size);
        assertThat(response.status()).isEqualTo("200");
        assertThat(response.length()).isEqualTo(size);
    }
}
