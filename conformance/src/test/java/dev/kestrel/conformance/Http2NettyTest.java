package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.conformance.NettyStream.Event;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.HttpContext;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.server.StopResult;
import dev.kestrel.testkit.DiagnosticMemoryPool;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/** Netty's HTTP/2 client against a server over sockets whose pool finds leaks. */
@Timeout(60)
class Http2NettyTest {

    private static final int LENGTH = 2_000_000;
    private static final int TRANSFERS = 8;
    private static final int SMALLEST_WINDOW = 65_535;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ClientApplication application = new ClientApplication();
    private final BlockingQueue<StreamResetException> resets = new LinkedBlockingQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final DiagnosticMemoryPool pool = new DiagnosticMemoryPool();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private KestrelServer server;

    @BeforeEach
    void start() throws IOException {
        server =
                KestrelServer.builder()
                        .memoryPool(pool)
                        .limits(
                                limits ->
                                        limits.http2(
                                                Http2Limits.builder()
                                                        .initialStreamWindowSize(SMALLEST_WINDOW)
                                                        .build()))
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .handler(this::handle)
                        .start();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        threads.close();
        server.close();
        assertThat(server.statistics().applicationErrors()).isZero();
        pool.close();
    }

    private void handle(HttpContext ctx) throws Exception {
        switch (ctx.request().path()) {
            case "/gate" -> {
                gate.await();
                ctx.response().send(ctx.request().bodyBytes().length + " bytes");
            }
            case "/sent-trailers" -> {
                ctx.request().bodyBytes();
                ctx.response().send(String.valueOf(ctx.request().trailers().get("x-sent")));
            }
            default -> {
                try {
                    application.handle(ctx);
                } catch (StreamResetException e) {
                    resets.add(e);
                    throw e;
                }
            }
        }
    }

    private static NettyStream.Response upload(NettyClient client, String path, int length)
            throws Exception {
        NettyStream stream = client.open();
        stream.request("POST", path, false);
        stream.send(ClientApplication.content(length), true);
        return stream.response();
    }

    @Test
    void uploadsAndDownloadsShareAConnection() throws Exception {
        String digest = ClientApplication.digestOf(LENGTH);
        try (NettyClient client = new NettyClient(server.port(), Http2Settings.defaultSettings())) {
            List<Future<?>> transfers = new ArrayList<>();
            for (int i = 0; i < TRANSFERS; i++) {
                transfers.add(
                        submit(
                                () ->
                                        assertThat(upload(client, "/digest", LENGTH).text())
                                                .isEqualTo(digest)));
                transfers.add(
                        submit(
                                () ->
                                        assertThat(client.get("/bytes/" + LENGTH).digest())
                                                .isEqualTo(digest)));
                transfers.add(submit(() -> echo(client, digest)));
            }
            for (Future<?> transfer : transfers) {
                transfer.get();
            }
        }
        assertThat(application.connections()).isEqualTo(1);
    }

    /** Sends and receives at once, each on a thread of its own. */
    private Object echo(NettyClient client, String digest) throws Exception {
        NettyStream stream = client.open();
        stream.request("POST", "/echo", false);
        Future<?> sending =
                submit(
                        () -> {
                            stream.send(ClientApplication.content(LENGTH), true);
                            return null;
                        });
        NettyStream.Response response = stream.response();
        sending.get();
        return assertThat(response.digest()).isEqualTo(digest);
    }

    private Future<?> submit(Callable<?> task) {
        return threads.submit(task);
    }

    /** "A sender MUST NOT send ... more than the space available" (RFC 9113 section 6.9.1). */
    @Test
    void aClientThatTakesLittleAtATime() throws Exception {
        int window = 700;
        Http2Settings settings = Http2Settings.defaultSettings().initialWindowSize(window);
        try (NettyClient client = new NettyClient(server.port(), settings)) {
            NettyStream unread = client.openSlow();
            unread.request("GET", "/bytes/" + LENGTH, true);
            List<Future<NettyStream.Response>> others = new ArrayList<>();
            for (int i = 0; i < TRANSFERS; i++) {
                others.add(threads.submit(() -> client.get("/bytes/100000")));
            }
            for (Future<NettyStream.Response> other : others) {
                assertThat(other.get().digest()).isEqualTo(ClientApplication.digestOf(100_000));
                assertThat(other.get().largestFrame()).isLessThanOrEqualTo(window);
            }
            NettyStream.Response late = unread.response();
            assertThat(late.digest()).isEqualTo(ClientApplication.digestOf(LENGTH));
        }
    }

    /**
     * "Flow control is ... used to protect resources": what an application does not read fills the
     * window of its stream and holds up no other (RFC 9113 section 5.2.1).
     */
    @Test
    void anUploadThatIsNotReadHoldsUpNoOther() throws Exception {
        try (NettyClient client = new NettyClient(server.port(), Http2Settings.defaultSettings())) {
            Future<NettyStream.Response> held =
                    threads.submit(() -> upload(client, "/gate", LENGTH));
            assertThat(upload(client, "/digest", LENGTH).text())
                    .isEqualTo(ClientApplication.digestOf(LENGTH));
            assertThat(held.isDone()).isFalse();
            gate.countDown();
            assertThat(held.get().text()).isEqualTo(LENGTH + " bytes");
        }
    }

    @Test
    void trailersBothWays() throws Exception {
        try (NettyClient client = new NettyClient(server.port(), Http2Settings.defaultSettings())) {
            NettyStream.Response response = client.get("/trailers");
            assertThat(response.digest()).isEqualTo(ClientApplication.digestOf(100_000));
            assertThat(response.trailers()).isNotNull();
            assertThat(response.trailers().get("x-digest")).hasToString(response.digest());

            NettyStream stream = client.open();
            stream.request("POST", "/sent-trailers", false);
            stream.send(ClientApplication.content(1000), false);
            stream.send(new DefaultHttp2Headers().set("x-sent", "all of it"), true);
            assertThat(stream.response().text()).isEqualTo("all of it");
        }
    }

    @Test
    void aResetByTheApplicationEndsItsStreamAlone() throws Exception {
        try (NettyClient client = new NettyClient(server.port(), Http2Settings.defaultSettings())) {
            NettyStream stream = client.open();
            stream.request("GET", "/reset", true);
            assertThat(stream.next()).isInstanceOf(Event.Fields.class);
            assertThat(stream.next())
                    .isInstanceOfSatisfying(
                            Event.Data.class, data -> assertThat(data.content()).hasSize(100));
            assertThat(stream.next()).isEqualTo(new Event.Reset(Http2Error.CANCEL.code()));
            assertThat(client.get("/after").text()).isEqualTo("GET /after HTTP/2");
        }
    }

    /** The application is told, whether it reads or writes, and the connection goes on. */
    @Test
    void aResetByTheClientEndsItsStreamAlone() throws Exception {
        try (NettyClient client = new NettyClient(server.port(), Http2Settings.defaultSettings())) {
            NettyStream download = client.openSlow();
            download.request("GET", "/bytes/" + Long.MAX_VALUE, true);
            assertThat(download.next()).isInstanceOf(Event.Fields.class);
            download.reset(Http2Error.CANCEL);
            assertThat(resets.take())
                    .returns(true, StreamResetException::isByPeer)
                    .returns(Http2Error.CANCEL.code(), StreamResetException::errorCode);

            NettyStream upload = client.open();
            upload.request("POST", "/digest", false);
            upload.send(ClientApplication.content(LENGTH), false);
            upload.reset(Http2Error.INTERNAL_ERROR);
            assertThat(resets.take())
                    .returns(true, StreamResetException::isByPeer)
                    .returns(Http2Error.INTERNAL_ERROR.code(), StreamResetException::errorCode);
            assertThat(client.get("/after").text()).isEqualTo("GET /after HTTP/2");
        }
        assertThat(application.connections()).isEqualTo(1);
    }

    /**
     * "... sending a RST_STREAM with an error code of NO_ERROR after sending a complete response"
     * (RFC 9113 section 8.1).
     */
    @Test
    void aResponseBeforeTheUploadIsOver() throws Exception {
        try (NettyClient client = new NettyClient(server.port(), Http2Settings.defaultSettings())) {
            NettyStream stream = client.open();
            stream.request("POST", "/refuse", false);
            NettyStream.Response response = stream.response();
            assertThat(response.status()).isEqualTo("403");
            assertThat(response.text()).isEqualTo("refused");
            assertThat(stream.next()).isEqualTo(new Event.Reset(Http2Error.NO_ERROR.code()));
            assertThat(client.get("/after").text()).isEqualTo("GET /after HTTP/2");
        }
    }

    /**
     * "A server that is attempting to gracefully shut down a connection SHOULD send an initial
     * GOAWAY frame with the last stream identifier set to 2^31-1 and a NO_ERROR code. ... After
     * allowing time for any in-flight stream creation ..., the server can send another GOAWAY frame
     * with an updated last stream identifier" (RFC 9113 section 6.8).
     */
    @Test
    void aServerThatStopsFinishesWhatItHasBegun() throws Exception {
        // Less than the connection's, so that a stream that is not read holds up no other.
        Http2Settings settings = Http2Settings.defaultSettings().initialWindowSize(10_000);
        try (NettyClient client = new NettyClient(server.port(), settings)) {
            NettyStream upload = client.open();
            upload.request("POST", "/digest", false);
            upload.send(ClientApplication.content(LENGTH), false);
            NettyStream download = client.openSlow();
            download.request("GET", "/bytes/" + LENGTH, true);
            assertThat(download.next()).isInstanceOf(Event.Fields.class);

            Future<StopResult> stopping = threads.submit(() -> server.stop(PATIENCE));
            assertThat(client.awaitGoAway()).isEqualTo(Http2Error.NO_ERROR.code());
            assertThat(client.get("/late").text()).isEqualTo("GET /late HTTP/2");
            upload.send(ClientApplication.content(LENGTH), true);
            assertThat(upload.response().status()).isEqualTo("200");
            long length = 0;
            for (boolean end = false; !end; ) {
                Event.Data data = (Event.Data) download.next();
                length += data.content().length;
                end = data.end();
            }
            assertThat(length).isEqualTo(LENGTH);
            assertThat(client.awaitGoAway()).isEqualTo(Http2Error.NO_ERROR.code());
            client.awaitClosed();
            assertThat(stopping.get()).isEqualTo(new StopResult(1, 0));
        }
    }
}
