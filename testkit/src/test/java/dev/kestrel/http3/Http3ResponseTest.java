package dev.kestrel.http3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.Signal;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.HttpResetFeature;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.ReadResult;
import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.Http3Error;
import dev.kestrel.testkit.Http3Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Responses, resets and tunnels. */
@Timeout(60)
class Http3ResponseTest {

    @Test
    @DisplayName("interim responses, a body in pieces and trailers")
    void allParts() {
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            ctx.response()
                                    .sendInformational(103, new HttpHeaders().add("Link", "</a>"));
                            OutputStream out = ctx.response().outputStream();
                            out.write("one ".getBytes(StandardCharsets.UTF_8));
                            out.flush();
                            out.write("two".getBytes(StandardCharsets.UTF_8));
                            ctx.response().trailers().set("X-Sum", "2");
                        })) {
            Http3Conversation client = server.connectHttp3().get(0, "/");
            client.expectHead(0).status(103).header("link", "</a>");
            client.expectResponse(0).status(200).body("one two").trailer("x-sum", "2");
        }
    }

    @Test
    @DisplayName("large bodies, of known and of unknown length, and the smallest windows")
    void largeBodies() {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) 'x');
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            if (ctx.request().path().equals("/known")) {
                                ctx.response().send(large);
                            } else {
                                OutputStream out = ctx.response().outputStream();
                                for (int i = 0; i < large.length; i += 30_000) {
                                    out.write(large, i, 30_000);
                                }
                            }
                        })) {
            Http3Conversation client = server.connectHttp3();
            assertThat(client.get(0, "/known").expectResponse(0).complete().bodyBytes())
                    .isEqualTo(large);
            assertThat(client.get(4, "/").expectResponse(4).complete().bodyBytes())
                    .isEqualTo(large);
        }
    }

    @Test
    @DisplayName("HEAD has the head of the response and no DATA, an end that travels alone aside")
    void head() {
        try (TestServer server = TestServer.startHttp3(ctx -> ctx.response().send("hello"))) {
            server.connectHttp3()
                    .headers(0, true, Http3Frames.request("HEAD", "/"))
                    .expectResponse(0)
                    .status(200)
                    .header("content-length", "5")
                    .body("");
        }
    }

    @Test
    @DisplayName("an end that is known only after everything was flushed goes with an empty DATA")
    void aLateEnd() {
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            OutputStream out = ctx.response().outputStream();
                            out.write('a');
                            out.flush();
                        })) {
            Http3Conversation client = server.connectHttp3().get(0, "/");
            client.expectHead(0).status(200);
            client.expectData(0, "a");
            assertThat(client.expectFrame(0, Http3Frames.DATA).payload()).isEmpty();
            client.expectEnd(0);
        }
    }

    @Test
    @DisplayName("a response that is complete before the request: STOP_SENDING with H3_NO_ERROR")
    void anEarlyResponse() {
        try (TestServer server = TestServer.startHttp3(ctx -> ctx.response().send("early"))) {
            Http3Conversation client = server.connectHttp3().post(0, "/").data(0, false, "a");
            client.expectResponse(0).status(200).body("early");
            client.expectStopSending(0, Http3Error.NO_ERROR);
            client.get(4, "/").expectResponse(4).status(200);
        }
    }

    @Test
    @DisplayName("a reset by the application has its code")
    void aReset() {
        try (TestServer server =
                TestServer.startHttp3(
                        ctx ->
                                Objects.requireNonNull(ctx.features().get(HttpResetFeature.class))
                                        .reset(0x1234))) {
            Http3Conversation client = server.connectHttp3().post(0, "/");
            client.expectReset(0, 0x1234).expectStopSending(0, 0x1234);
        }
    }

    @Test
    @DisplayName("an abort, or a body of the wrong length: H3_INTERNAL_ERROR")
    void failures() {
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            switch (ctx.request().path()) {
                                case "/abort" -> ctx.abort();
                                case "/short" -> {
                                    ctx.response().headers().contentLength(5);
                                    ctx.response().start();
                                    ctx.response().send("abc");
                                }
                                default -> {
                                    ctx.response().headers().contentLength(2);
                                    ctx.response().start();
                                    ctx.response().send("abc");
                                }
                            }
                        })) {
            Http3Conversation client = server.connectHttp3();
            server.log().expect("the application failed");
            client.get(0, "/abort").expectReset(0, Http3Error.INTERNAL_ERROR);
            client.get(4, "/short").expectReset(4, Http3Error.INTERNAL_ERROR);
            client.get(8, "/long").expectReset(8, Http3Error.INTERNAL_ERROR);
        }
    }

    @Test
    @DisplayName(
            "fields over the client's MAX_FIELD_SECTION_SIZE: 500, or a reset when not even that")
    void fieldsThatTheClientDoesNotTake() {
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            ctx.response().headers().set("X-Long", "x".repeat(500));
                            ctx.response().send("a");
                        })) {
            Http3Conversation client = server.connectHttp3(Http3Frames.MAX_FIELD_SECTION_SIZE, 400);
            client.awaitServerIdle();
            client.get(0, "/").expectResponse(0).status(500);
            client = server.connectHttp3(Http3Frames.MAX_FIELD_SECTION_SIZE, 10);
            client.awaitServerIdle();
            client.get(0, "/").expectReset(0, Http3Error.INTERNAL_ERROR);
        }
    }

    @Test
    @DisplayName("a charset that brings in line ends: H3_INTERNAL_ERROR, and nothing of it is sent")
    void lineEndsByCharset() {
        try (TestServer server =
                TestServer.http3()
                        .options(
                                (KestrelServerOptions.Builder options) ->
                                        options.responseHeaderEncodingSelector(
                                                name -> Charset.forName("UTF-16BE")))
                        .start(
                                ctx -> {
                                    ctx.response().headers().set("X", "\u0d0a");
                                    ctx.response().send("a");
                                })) {
            server.log().expect("the application failed");
            server.connectHttp3().get(0, "/").expectReset(0, Http3Error.INTERNAL_ERROR);
        }
    }

    @Test
    @DisplayName("a client that resets its request: who reads and who asked are told")
    void resetByTheClient() throws Exception {
        BlockingQueue<Throwable> seen = new LinkedBlockingQueue<>();
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            Signal aborted = ctx.aborted();
                            aborted.onFired(() -> seen.add(aborted.cause()));
                            try {
                                ctx.request().bodyBytes();
                            } catch (StreamResetException e) {
                                seen.add(e);
                                throw e;
                            }
                        })) {
            Http3Conversation client = server.connectHttp3().post(0, "/").awaitServerIdle();
            client.reset(0, Http3Error.REQUEST_CANCELLED);
            for (int i = 0; i < 2; i++) {
                assertThat(seen.take())
                        .isInstanceOfSatisfying(
                                StreamResetException.class,
                                e -> assertThat(e.errorCode()).isEqualTo(0x10c));
            }
            client.expectReset(0, Http3Error.REQUEST_CANCELLED);
        }
    }

    @Test
    @DisplayName("extended CONNECT (RFC 9220): DATA of both sides are the tunnel's")
    void aTunnel() {
        try (TestServer server =
                TestServer.startHttp3(
                        ctx -> {
                            HttpConnectFeature connect =
                                    Objects.requireNonNull(
                                            ctx.features().get(HttpConnectFeature.class));
                            assertThat(connect.protocol()).isEqualTo("websocket");
                            DuplexPipe pipes = connect.accept();
                            while (true) {
                                ReadResult result = pipes.input().read();
                                boolean last = result.isCompleted();
                                byte[] bytes = result.buffer().toByteArray();
                                pipes.input().advanceTo(bytes.length);
                                pipes.output().writeAndFlush(bytes, 0, bytes.length);
                                if (last) {
                                    return;
                                }
                            }
                        })) {
            Http3Conversation client =
                    server.connectHttp3()
                            .headers(
                                    0,
                                    false,
                                    Http3Frames.request(
                                            "CONNECT", "/chat", ":protocol", "websocket"));
            client.expectHead(0).status(200);
            client.data(0, false, "hello").expectData(0, "hello");
            client.data(0, true, "bye").expectData(0, "bye");
            assertThat(client.expectFrame(0, Http3Frames.DATA).payload()).isEmpty();
            client.expectEnd(0);
        }
    }
}
