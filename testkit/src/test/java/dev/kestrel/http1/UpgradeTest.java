package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpUpgradeFeature;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/** Leaving HTTP: {@code Upgrade} (RFC 9110 section 7.8) and {@code CONNECT} (section 9.3.6). */
@Timeout(30)
class UpgradeTest {

    private static final HttpHandler UPGRADES =
            ctx -> {
                HttpUpgradeFeature feature = upgrade(ctx);
                if (!feature.isUpgradable()) {
                    ctx.response().send("plain");
                    return;
                }
                ctx.response().header("Upgrade", "echo").header("Connection", "Upgrade");
                echo(feature.upgrade());
            };

    private static HttpUpgradeFeature upgrade(HttpContext ctx) {
        return Objects.requireNonNull(ctx.features().get(HttpUpgradeFeature.class));
    }

    private static HttpConnectFeature connect(HttpContext ctx) {
        return Objects.requireNonNull(ctx.features().get(HttpConnectFeature.class));
    }

    private static void echo(DuplexPipe pipe) throws IOException {
        pipe.output().asOutputStream().write("hello;".getBytes());
        pipe.output().flush();
        byte[] buffer = new byte[100];
        int count;
        while ((count = pipe.input().asInputStream().read(buffer)) >= 0) {
            pipe.output().write(buffer, 0, count);
            pipe.output().flush();
        }
    }

    /** "A server that sends a 101 response ... MUST send an Upgrade header field". */
    @Test
    void anUpgradeAnswers101AndGivesTheRawStream() {
        try (TestServer server = TestServer.start(UPGRADES)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "Connection: upgrade", "Upgrade: echo", "");
            client.expectStatus(101)
                    .expectHeader("Upgrade", "echo")
                    .expectHeader("Connection", "Upgrade");
            client.expectNoHeader("Content-Length")
                    .expectNoHeader("Transfer-Encoding")
                    .expectRaw("hello;");
            client.sendRaw("GET / HTTP/1.1\r\n\r\n")
                    .expectRaw("GET / HTTP/1.1\r\n\r\n")
                    .expectNothingYet();
            client.sendRaw("abc").expectRaw("abc");
            client.finish().expectClosed();
        }
    }

    @Test
    void whatCameBehindTheRequestIsPartOfTheStream() {
        try (TestServer server = TestServer.start(UPGRADES)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "GET / HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Connection: Upgrade\r\n"
                            + "Upgrade: echo\r\n\r\n"
                            + "early");
            client.expectStatus(101).expectRaw("hello;early").finish().expectClosed();
        }
    }

    /** "A server MUST ignore an Upgrade header field that is received in an HTTP/1.0 request." */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nUpgrade: echo\r\n\r\n",
                "POST / HTTP/1.1\r\n"
                        + "Host: x\r\n"
                        + "Connection: upgrade\r\n"
                        + "Upgrade: echo\r\n"
                        + "Content-Length: 1\r\n\r\n"
                        + "x",
                "POST / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: echo\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void otherRequestsCanNotBeUpgraded(String request) {
        HttpHandler handler =
                ctx -> {
                    assertThat(upgrade(ctx).isUpgradable()).isFalse();
                    assertThatThrownBy(() -> upgrade(ctx).upgrade())
                            .isInstanceOf(IllegalStateException.class);
                    ctx.response().send("plain");
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.sendRaw(request);
            client.expectStatus(200).expectBody("plain");
        }
    }

    @Test
    void aClientThatOffersAnUpgradeMayBeAnsweredPlainly() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().send("plain"))) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "Connection: upgrade", "Upgrade: h2c", "");
            client.expectStatus(200).expectBody("plain").expectNothingYet();
        }
    }

    /** Timeouts and rates are HTTP's; the raw stream has none. */
    @Test
    void anUpgradedConnectionHasNoTimeouts() {
        try (TestServer server = TestServer.start(UPGRADES)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "Connection: upgrade", "Upgrade: echo", "");
            client.expectStatus(101).expectRaw("hello;").expectNothingYet();
            client.advance(Duration.ofMinutes(10)).expectNothingYet();
            client.sendRaw("still").expectRaw("still").finish().expectClosed();
        }
    }

    @Test
    void thereAreOnlySoManyUpgradedConnections() {
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.maxConcurrentUpgradedConnections(1))
                        .start(UPGRADES)) {
            Http1Conversation first = server.connect();
            first.send("GET / HTTP/1.1", "Host: x", "Connection: upgrade", "Upgrade: echo", "");
            first.expectStatus(101).expectRaw("hello;");
            Http1Conversation second = server.connect();
            second.send("GET / HTTP/1.1", "Host: x", "Connection: upgrade", "Upgrade: echo", "");
            second.expectStatus(503);
            first.finish().expectClosed();
            Http1Conversation third = server.connect();
            third.send("GET / HTTP/1.1", "Host: x", "Connection: upgrade", "Upgrade: echo", "");
            third.expectStatus(101).expectRaw("hello;").finish().expectClosed();
        }
    }

    /**
     * Earlier answers are sent while an application takes long; what an upgraded application has
     * written is its own to flush, from its own thread.
     */
    @Test
    void nobodyElseFlushesWhatAnUpgradedApplicationWrites() {
        HttpHandler handler =
                ctx -> {
                    if (!upgrade(ctx).isUpgradable()) {
                        ctx.response().send("plain");
                        return;
                    }
                    DuplexPipe pipe = upgrade(ctx).upgrade();
                    pipe.output().write("answer".getBytes());
                    pipe.input().read();
                    pipe.output().flush();
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "GET / HTTP/1.1\r\n"
                            + "Host: x\r\n\r\n"
                            + "GET / HTTP/1.1\r\n"
                            + "Host: x\r\n"
                            + "Connection: upgrade\r\n"
                            + "Upgrade: x\r\n\r\n");
            client.expectStatus(200).expectBody("plain").expectStatus(101);
            client.advance(Duration.ofSeconds(5)).expectNothingYet();
            client.sendRaw("question").expectRaw("answer").expectClosed();
        }
    }

    /** "Any 2xx (Successful) response indicates that the sender ... will switch to tunnel mode". */
    @Test
    void connectBecomesATunnel() {
        HttpHandler handler =
                ctx -> {
                    assertThat(ctx.request().method()).isEqualTo("CONNECT");
                    assertThat(ctx.request().rawTarget()).isEqualTo("example.org:443");
                    assertThat(ctx.request().path()).isEmpty();
                    assertThat(connect(ctx).isConnect()).isTrue();
                    echo(connect(ctx).accept());
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("CONNECT example.org:443 HTTP/1.1", "Host: example.org:443", "");
            client.expectStatus(200)
                    .expectNoHeader("Content-Length")
                    .expectNoHeader("Transfer-Encoding");
            client.expectRaw("hello;").sendRaw("abc").expectRaw("abc").finish().expectClosed();
        }
    }

    /**
     * Optimistic clients send the tunnel's bytes behind CONNECT at once; when it is refused these
     * must not be read as a request (RFC 9931).
     */
    @Test
    void aRefusedConnectEndsTheConnection() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().status(403).send("no"))) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "CONNECT x:1 HTTP/1.1\r\n"
                            + "Host: x:1\r\n\r\n"
                            + "GET /evil HTTP/1.1\r\n"
                            + "Host: x\r\n\r\n");
            client.sentMethod("CONNECT");
            client.expectStatus(403)
                    .expectHeader("Connection", "close")
                    .expectBody("no")
                    .expectClosed();
        }
    }

    @Test
    void otherMethodsAreNoTunnel() {
        HttpHandler handler =
                ctx -> {
                    HttpConnectFeature feature = ctx.features().get(HttpConnectFeature.class);
                    if (feature != null) {
                        assertThat(feature.isConnect()).isFalse();
                        assertThatThrownBy(feature::accept)
                                .isInstanceOf(IllegalStateException.class);
                    }
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("").expectNothingYet();
        }
    }
}
