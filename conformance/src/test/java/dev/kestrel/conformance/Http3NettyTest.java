package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.conformance.NettyHttp3Stream.Event;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.HttpContext;
import dev.kestrel.server.StopResult;

import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
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

/** Netty's HTTP/3 client against a server over QUIC whose pool finds leaks. */
@Timeout(60)
class Http3NettyTest {

    private static final int LENGTH = 2_000_000;
    private static final int MUCH = 20_000_000;
    private static final int TRANSFERS = 4;
    private static final int REQUEST_CANCELLED = 0x10c;
    private static final int NO_ERROR = 0x100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ClientApplication application = new ClientApplication();
    private final BlockingQueue<StreamResetException> resets = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> aborted = new LinkedBlockingQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch waiting = new CountDownLatch(100);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Http3Server server;

    @BeforeAll
    static void findLibrary() {
        Http3Server.findLibrary();
    }

    @BeforeEach
    void start() throws IOException {
        server = new Http3Server(this::handle);
    }

    @AfterEach
    void stop() {
        gate.countDown();
        threads.shutdownNow();
        server.close();
        assertThat(server.server().statistics().applicationErrors()).isZero();
    }

    private void handle(HttpContext ctx) throws Exception {
        switch (ctx.request().path()) {
            case "/gate" -> {
                waiting.countDown();
                gate.await();
                ctx.response().send(ctx.request().bodyBytes().length + " bytes");
            }
            case "/idle" -> {
                ctx.aborted().onFired(() -> aborted.add(ctx.aborted().cause()));
                waiting.countDown();
                ctx.aborted().await();
            }
            case "/sent-trailers" -> {
                ctx.request().bodyBytes();
                ctx.response().send(String.valueOf(ctx.request().trailers().get("x-sent")));
            }
            case "/missing" -> ctx.response().status(404).send("nothing here");
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

    private NettyHttp3Client connect() throws Exception {
        return NettyHttp3Client.connect(server.port());
    }

    private Future<?> submit(Callable<?> task) {
        return threads.submit(task);
    }

    private static NettyHttp3Stream.Response upload(
            NettyHttp3Client client, String path, int length) throws Exception {
        NettyHttp3Stream stream = client.open();
        stream.request("POST", path, false);
        stream.send(ClientApplication.content(length), true);
        return stream.response();
    }

    @Test
    void shortRequests() throws Exception {
        try (NettyHttp3Client client = connect()) {
            assertThat(client.get("/hello").text()).isEqualTo("GET /hello HTTP/3");
            NettyHttp3Stream.Response missing = client.get("/missing");
            assertThat(missing.status()).isEqualTo("404");
            assertThat(missing.text()).isEqualTo("nothing here");
            NettyHttp3Stream.Response hinted = client.get("/hints");
            assertThat(hinted.informational()).containsExactly("103");
            assertThat(hinted.text()).isEqualTo("hinted");
        }
        assertThat(application.connections()).isEqualTo(1);
    }

    @Test
    void uploadsAndDownloadsShareAConnection() throws Exception {
        String digest = ClientApplication.digestOf(LENGTH);
        try (NettyHttp3Client client = connect()) {
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
    private Object echo(NettyHttp3Client client, String digest) throws Exception {
        NettyHttp3Stream stream = client.open();
        stream.request("POST", "/echo", false);
        Future<?> sending =
                submit(
                        () -> {
                            stream.send(ClientApplication.content(LENGTH), true);
                            return null;
                        });
        NettyHttp3Stream.Response response = stream.response();
        sending.get();
        return assertThat(response.digest()).isEqualTo(digest);
    }

    @Test
    void muchAtATime() throws Exception {
        String digest = ClientApplication.digestOf(MUCH);
        try (NettyHttp3Client client = connect()) {
            assertThat(upload(client, "/digest", MUCH).text()).isEqualTo(digest);
            assertThat(client.get("/bytes/" + MUCH).digest()).isEqualTo(digest);
        }
    }

    /** All are open at the same time, as many as a client may open. */
    @Test
    void aHundredRequestsAtOnce() throws Exception {
        try (NettyHttp3Client client = connect()) {
            List<NettyHttp3Stream> streams = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                NettyHttp3Stream stream = client.open();
                stream.request("GET", "/gate", true);
                streams.add(stream);
            }
            waiting.await();
            gate.countDown();
            for (NettyHttp3Stream stream : streams) {
                assertThat(stream.response().text()).isEqualTo("0 bytes");
            }
        }
    }

    @Test
    void trailersBothWays() throws Exception {
        try (NettyHttp3Client client = connect()) {
            NettyHttp3Stream.Response response = client.get("/trailers");
            assertThat(response.digest()).isEqualTo(ClientApplication.digestOf(100_000));
            assertThat(response.trailers()).isNotNull();
            assertThat(response.trailers().get("x-digest")).hasToString(response.digest());

            NettyHttp3Stream stream = client.open();
            stream.request("POST", "/sent-trailers", false);
            stream.send(ClientApplication.content(1000), false);
            stream.send(new DefaultHttp3Headers().set("x-sent", "all of it"));
            stream.channel.shutdownOutput().sync();
            assertThat(stream.response().text()).isEqualTo("all of it");
        }
    }

    /**
     * What an application does not read fills the window of its stream and holds up no other (RFC
     * 9000 section 4).
     */
    @Test
    void anUploadThatIsNotReadHoldsUpNoOther() throws Exception {
        try (NettyHttp3Client client = connect()) {
            Future<NettyHttp3Stream.Response> held =
                    threads.submit(() -> upload(client, "/gate", LENGTH));
            assertThat(upload(client, "/digest", LENGTH).text())
                    .isEqualTo(ClientApplication.digestOf(LENGTH));
            assertThat(held.isDone()).isFalse();
            gate.countDown();
            assertThat(held.get().text()).isEqualTo(LENGTH + " bytes");
        }
    }

    /**
     * "Clients MUST NOT discard complete responses as a result of having their request terminated
     * abruptly"; the server asks with STOP_SENDING (RFC 9114 section 4.1).
     */
    @Test
    void aResponseBeforeTheUploadIsOver() throws Exception {
        try (NettyHttp3Client client = connect()) {
            NettyHttp3Stream stream = client.open();
            stream.request("POST", "/refuse", false);
            NettyHttp3Stream.Response response = stream.response();
            assertThat(response.status()).isEqualTo("403");
            assertThat(response.text()).isEqualTo("refused");
            assertThat(client.get("/after").text()).isEqualTo("GET /after HTTP/3");
        }
    }

    @Test
    void aResetByTheApplicationEndsItsStreamAlone() throws Exception {
        try (NettyHttp3Client client = connect()) {
            NettyHttp3Stream stream = client.open();
            stream.request("GET", "/reset", true);
            Event event = stream.next();
            while (!(event instanceof Event.Reset)) {
                event = stream.next();
            }
            assertThat(event).isEqualTo(new Event.Reset(8));
            assertThat(client.get("/after").text()).isEqualTo("GET /after HTTP/3");
        }
    }

    /** The application is told, whether it reads, writes or waits, and the connection goes on. */
    @Test
    void aResetByTheClientEndsItsStreamAlone() throws Exception {
        try (NettyHttp3Client client = connect()) {
            NettyHttp3Stream download = client.openSlow();
            download.request("GET", "/bytes/" + Long.MAX_VALUE, true);
            assertThat(download.next()).isInstanceOf(Event.Fields.class);
            download.channel.shutdownInput(REQUEST_CANCELLED).sync();
            assertThat(resets.take()).returns(true, StreamResetException::isByPeer);

            NettyHttp3Stream upload = client.open();
            upload.request("POST", "/digest", false);
            upload.send(ClientApplication.content(LENGTH), false);
            upload.channel.shutdownOutput(0x155).sync();
            assertThat(resets.take())
                    .returns(true, StreamResetException::isByPeer)
                    .returns(0x155L, StreamResetException::errorCode);

            NettyHttp3Stream idle = client.open();
            idle.request("GET", "/idle", true);
            while (waiting.getCount() == 100) {
                assertThat(client.get("/meanwhile").status()).isEqualTo("200");
            }
            // Answered behind what the handler has asked for.
            assertThat(client.get("/meanwhile").status()).isEqualTo("200");
            idle.channel.shutdownInput(REQUEST_CANCELLED).sync();
            assertThat(aborted.take()).isInstanceOf(StreamResetException.class);
            assertThat(client.get("/after").text()).isEqualTo("GET /after HTTP/3");
        }
        assertThat(application.connections()).isEqualTo(1);
    }

    /**
     * "An endpoint that is attempting to gracefully shut down a connection can send a GOAWAY frame
     * with a value set to the maximum possible value ... the endpoint can send another GOAWAY frame
     * indicating which requests or pushes it might accept" (RFC 9114 section 5.2).
     */
    @Test
    void aServerThatStopsFinishesWhatItHasBegun() throws Exception {
        try (NettyHttp3Client client = connect()) {
            NettyHttp3Stream upload = client.open();
            upload.request("POST", "/digest", false);
            upload.send(ClientApplication.content(LENGTH), false);

            Future<StopResult> stopping = threads.submit(() -> server.server().stop(PATIENCE));
            assertThat(client.awaitGoAway()).isEqualTo((1L << 62) - 4);
            // Netty's client opens no stream any more that the server would serve.
            assertThat(client.awaitGoAway()).isEqualTo(4);
            upload.send(ClientApplication.content(LENGTH), true);
            assertThat(upload.response().status()).isEqualTo("200");
            assertThat(stopping.get()).isEqualTo(new StopResult(1, 0));
        }
    }

    @Test
    void aServerThatStopsClosesWhatIsIdle() throws Exception {
        try (NettyHttp3Client client = NettyHttp3Client.connectSilent(server.port())) {
            client.send(QuicStreamType.UNIDIRECTIONAL, "000400", false);
            assertThat(server.server().stop(PATIENCE)).isEqualTo(new StopResult(1, 0));
            assertThat(client.awaitClosed()).isEqualTo(NO_ERROR);
        }
    }

    /** RFC 9114 sections 6.2.1 and 7.2, RFC 9204 section 6. */
    @ParameterizedTest
    @CsvSource({
        "BIDIRECTIONAL, 0001ff, false, 0x105", // DATA before HEADERS
        "BIDIRECTIONAL, 0400, false, 0x105", // SETTINGS on the stream of a request
        "BIDIRECTIONAL, 0200, false, 0x105", // a type that is HTTP/2's
        "BIDIRECTIONAL, 01030000ff, true, 0x200", // an entry beyond the static table
        "UNIDIRECTIONAL, 000000, false, 0x10a", // DATA before SETTINGS
        "UNIDIRECTIONAL, 0004020200, false, 0x109", // a setting that is HTTP/2's
        "UNIDIRECTIONAL, 0004000400, false, 0x105", // SETTINGS twice
        "UNIDIRECTIONAL, 000400070141, false, 0x106", // GOAWAY that is cut short
        "UNIDIRECTIONAL, 000400, true, 0x104", // the end of the control stream
        "UNIDIRECTIONAL, 023fffff7f, false, 0x201", // a table that is larger than allowed
        "UNIDIRECTIONAL, 0300, false, 0x202", // an increment by nothing
    })
    void whatIsWrongClosesTheConnection(QuicStreamType type, String bytes, boolean end, String code)
            throws Exception {
        try (NettyHttp3Client client = NettyHttp3Client.connectSilent(server.port())) {
            client.send(type, bytes, end);
            assertThat(client.awaitClosed()).isEqualTo(Integer.decode(code));
        }
    }

    /** "Receipt of a second stream claiming to be a control stream" (RFC 9114 section 6.2.1). */
    @ParameterizedTest
    @CsvSource({"000400", "02", "03"})
    void aSecondStreamOfAKindClosesTheConnection(String bytes) throws Exception {
        try (NettyHttp3Client client = NettyHttp3Client.connectSilent(server.port())) {
            client.send(QuicStreamType.UNIDIRECTIONAL, bytes, false);
            client.send(QuicStreamType.UNIDIRECTIONAL, bytes, false);
            assertThat(client.awaitClosed()).isEqualTo(0x103);
        }
    }

    /**
     * "... and the receiver MUST NOT request that the sender close the control stream" (RFC 9114
     * section 6.2.1; RFC 9204 section 4.2 of those of QPACK), also when nothing is written there.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aServersStreamThatIsStoppedClosesTheConnection(int which) throws Exception {
        try (NettyHttp3Client client = NettyHttp3Client.connectSilent(server.port())) {
            QuicStreamChannel stream = client.awaitStream();
            for (int i = 0; i < which; i++) {
                stream = client.awaitStream();
            }
            stream.shutdownInput(NO_ERROR).sync();
            assertThat(client.awaitClosed()).isEqualTo(0x104);
        }
    }
}
