package dev.kestrel.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tunnels for protocols such as WebSocket (RFC 8441). */
@Timeout(30)
class ExtendedConnectTest {

    private static final String[] WEBSOCKET = {
        ":method", "CONNECT",
        ":protocol", "websocket",
        ":scheme", "http",
        ":path", "/chat",
        ":authority", "example.org",
        "sec-websocket-version", "13"
    };

    /** Accepts, and sends back what comes until the client ends its side. */
    private static final HttpHandler TUNNEL =
            ctx -> {
                HttpConnectFeature connect = connect(ctx);
                ctx.response().header("x-protocol", String.valueOf(connect.protocol()));
                DuplexPipe pipe = connect.accept();
                echo(pipe);
            };

    private static HttpConnectFeature connect(HttpContext ctx) {
        HttpConnectFeature connect = ctx.features().get(HttpConnectFeature.class);
        assertThat(connect).isNotNull();
        assertThat(connect.isConnect()).isTrue();
        return connect;
    }

    private static void echo(DuplexPipe pipe) throws IOException {
        InputStream in = pipe.input().asInputStream();
        OutputStream out = pipe.output().asOutputStream();
        byte[] buffer = new byte[100];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            out.flush();
        }
    }

    @Test
    @DisplayName(
            "SETTINGS_ENABLE_CONNECT_PROTOCOL: \"Upon receipt of the parameter with a value of 1, a"
                    + " client MAY use the Extended CONNECT\"")
    void theServerSaysThatItCan() {
        try (TestServer server = TestServer.startHttp2(TUNNEL)) {
            Http2Conversation client = server.connectHttp2Raw();
            client.preface().settings();
            List<Integer> settings = client.expectSettings();
            int at = settings.indexOf(Http2Frames.ENABLE_CONNECT_PROTOCOL);
            assertThat(at).isNotNegative();
            assertThat(settings.get(at + 1)).isEqualTo(1);
            client.expectSettingsAck();
        }
    }

    @Test
    @DisplayName("row 190: an application takes the stream over, with any 2xx, and both sides talk")
    void bothSidesTalk() {
        try (TestServer server = TestServer.startHttp2(TUNNEL)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, WEBSOCKET);
            client.expectHeaders(1).status(200).header("x-protocol", "websocket");
            client.data(1, false, "Hello").expectData(1, "Hello");
            client.data(1, false, "World").expectData(1, "World");
            client.data(1, true, "!").expectData(1, "!").expectEndStream(1);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 190: the status may be another 2xx")
    void another2xx() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            ctx.response().status(201);
                            TUNNEL.handle(ctx);
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, WEBSOCKET);
            client.expectHeaders(1).status(201);
            client.data(1, true, "Hello").expectData(1, "Hello").expectEndStream(1);
        }
    }

    @Test
    @DisplayName("row 190: the request has a target like any other")
    void theTarget() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx ->
                                ctx.response()
                                        .status(404)
                                        .header("x-path", ctx.request().path())
                                        .header("x-host", ctx.request().host())
                                        .header("x-scheme", ctx.request().scheme()))) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, WEBSOCKET);
            client.expectResponse(1)
                    .status(404)
                    .header("x-path", "/chat")
                    .header("x-host", "example.org")
                    .header("x-scheme", "http");
        }
    }

    @Test
    @DisplayName("row 66: an ordinary CONNECT is a tunnel too, without a :protocol")
    void ordinaryConnect() {
        try (TestServer server = TestServer.startHttp2(TUNNEL)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, ":method", "CONNECT", ":authority", "example.org:443");
            client.expectHeaders(1).status(200).header("x-protocol", "null");
            client.data(1, true, "Hello").expectData(1, "Hello").expectEndStream(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    @DisplayName(
            "row 191: \"On requests that contain the :protocol pseudo-header field, the :scheme and"
                    + " :path pseudo-header fields of the target URI MUST also be included\"")
    void withoutSchemeOrPath(int missing) {
        String[] fields = new String[WEBSOCKET.length - 2];
        System.arraycopy(WEBSOCKET, 0, fields, 0, missing);
        System.arraycopy(WEBSOCKET, missing + 2, fields, missing, fields.length - missing);
        malformed(fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    @DisplayName("row 192: :protocol \"MAY be included on\" CONNECT, and on nothing else")
    void anotherMethod(String method) {
        String[] fields = WEBSOCKET.clone();
        fields[1] = method;
        malformed(fields);
    }

    private static void malformed(String... fields) {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, fields).expectReset(1, Http2Error.PROTOCOL_ERROR);
            client.get(3, "/").expectResponse(3).status(200);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 193: an application may answer otherwise, with a body")
    void anApplicationMayRefuse() {
        try (TestServer server =
                TestServer.startHttp2(ctx -> ctx.response().status(400).send("Not here"))) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, WEBSOCKET);
            client.expectResponse(1).status(400).body("Not here");
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 194: maxRequestBodySize is not for tunnels")
    void noLimitOfSize() {
        try (TestServer server =
                TestServer.http2().limits(limits -> limits.maxRequestBodySize(10)).start(TUNNEL)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, WEBSOCKET).expectHeaders(1).status(200);
            String text = "a".repeat(100);
            client.data(1, false, text).expectData(1, text);
            client.data(1, true, text).expectData(1, text).expectEndStream(1);
        }
    }

    @Test
    @DisplayName("row 194: neither are the minimum rates")
    void noLimitOfRate() {
        try (TestServer server = TestServer.startHttp2(TUNNEL)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, WEBSOCKET).expectHeaders(1).status(200);
            client.data(1, false, "a").expectData(1, "a");
            client.advance(Duration.ofMinutes(10));
            client.data(1, false, "b").expectData(1, "b");
            client.advance(Duration.ofMinutes(10));
            client.data(1, true, "c").expectData(1, "c").expectEndStream(1);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("a client that has ended its side with the head hears what the tunnel says")
    void theClientSaysNothing() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            DuplexPipe pipe = connect(ctx).accept();
                            assertThat(pipe.input().read().isCompleted()).isTrue();
                            pipe.output().write(new byte[] {'h', 'i'});
                            pipe.output().complete();
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, WEBSOCKET).expectHeaders(1).status(200);
            client.expectData(1, "hi").expectEndStream(1).expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "what a handler leaves open ends when it returns, and what it did not read is given back")
    void aHandlerThatReturnsEarly() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> connect(ctx).accept().output().write(new byte[] {'h', 'i'}))) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, WEBSOCKET)
                    .data(1, false, "Hello")
                    .expectHeaders(1)
                    .status(200);
            client.expectData(1, "hi").expectEndStream(1);
            client.expectReset(1, Http2Error.NO_ERROR);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName(
            "a handler that fails in a tunnel resets it: END_STREAM would say that all is well")
    void aHandlerThatFails() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            OutputStream out = connect(ctx).accept().output().asOutputStream();
                            out.write('a');
                            out.flush();
                            throw new IllegalStateException("The other side has gone");
                        })) {
            server.log().expect("the application failed");
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, WEBSOCKET).expectHeaders(1).status(200);
            client.expectData(1, "a").expectReset(1, Http2Error.INTERNAL_ERROR);
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("accept() is for CONNECT with 2xx, once, as in HTTP/1.1")
    void whatIsNotAccepted() {
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            HttpConnectFeature connect =
                                    ctx.features().get(HttpConnectFeature.class);
                            assertThat(connect).isNotNull();
                            assertThat(connect.isConnect())
                                    .isEqualTo(ctx.request().method().equals("CONNECT"));
                            if (connect.isConnect()) {
                                ctx.response().status(404);
                            }
                            assertThatThrownBy(connect::accept)
                                    .isInstanceOf(IllegalStateException.class);
                            ctx.response().status(200);
                            if (connect.isConnect()) {
                                connect.accept();
                                assertThatThrownBy(connect::accept)
                                        .isInstanceOf(IllegalStateException.class);
                            }
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200);
            client.headers(3, true, WEBSOCKET).expectHeaders(3).status(200);
            client.expectEndStream(3).expectNothingYet();
        }
    }

    @Test
    @DisplayName("\"RST_STREAM\" by the client ends both sides of a tunnel")
    void theClientResets() {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        try (TestServer server =
                TestServer.startHttp2(
                        ctx -> {
                            DuplexPipe pipe = connect(ctx).accept();
                            assertThatThrownBy(() -> pipe.input().read()).satisfies(seen::complete);
                            pipe.output().write(1);
                            assertThatThrownBy(() -> pipe.output().flush())
                                    .isInstanceOf(IOException.class);
                        })) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, WEBSOCKET).expectHeaders(1).status(200);
            client.rstStream(1, Http2Error.CANCEL);
            assertThat(seen.join()).isInstanceOf(StreamResetException.class);
            client.expectNothingYet();
        }
    }
}
