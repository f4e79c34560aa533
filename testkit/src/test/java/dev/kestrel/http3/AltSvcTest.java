package dev.kestrel.http3;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.function.Consumer;

/**
 * How clients learn of HTTP/3: RFC 9114 section 3.1.1, "An HTTP origin can advertise the
 * availability of an equivalent HTTP/3 endpoint via the Alt-Svc HTTP response header field".
 */
@Timeout(60)
class AltSvcTest {

    private static final String HTTP_3 = "h3=\":443\"; ma=86400";

    private static TestServer start(Consumer<ListenOptions.Builder> endPoint, HttpHandler handler) {
        return TestServer.builder()
                .https()
                .endPoint(
                        target ->
                                target.protocols(
                                        HttpVersion.HTTP_1_1,
                                        HttpVersion.HTTP_2,
                                        HttpVersion.HTTP_3))
                .endPoint(endPoint)
                .start(handler);
    }

    private static Http1Conversation get(TestServer server) {
        return server.connectTls().send("GET / HTTP/1.1", "Host: localhost", "").expectStatus(200);
    }

    @Test
    void everyResponseOfHttp1SaysWhereHttp3Is() {
        try (TestServer server = start(endPoint -> {}, ctx -> ctx.response().send("hello"))) {
            Http1Conversation client = get(server).expectHeader("Alt-Svc", HTTP_3);
            client.expectBody("hello").send("GET / HTTP/1.1", "Host: localhost", "");
            client.expectStatus(200).expectHeader("Alt-Svc", HTTP_3);
        }
    }

    @Test
    void everyResponseOfHttp2SaysWhereHttp3Is() {
        try (TestServer server = start(endPoint -> {}, ctx -> ctx.response().send("hello"))) {
            server.connectHttp2()
                    .get(1, "/")
                    .get(3, "/")
                    .expectResponse(1)
                    .header("alt-svc", HTTP_3);
        }
    }

    @Test
    void whatTheApplicationSaysStands() {
        try (TestServer server =
                start(
                        endPoint -> {},
                        ctx -> {
                            ctx.response().headers().set("Alt-Svc", "clear");
                            ctx.response().send("hello");
                        })) {
            get(server).expectHeader("Alt-Svc", "clear");
            server.connectHttp2().get(1, "/").expectResponse(1).header("alt-svc", "clear");
        }
    }

    @Test
    void anEndPointMayKeepQuiet() {
        try (TestServer server =
                start(
                        endPoint -> endPoint.disableAltSvcHeader(true),
                        ctx -> ctx.response().send("hello"))) {
            get(server).expectNoHeader("Alt-Svc");
            server.connectHttp2().get(1, "/").expectResponse(1).header("alt-svc");
        }
    }

    @Test
    void whereThereIsNoHttp3NothingIsSaid() {
        try (TestServer server =
                TestServer.builder().https().start(ctx -> ctx.response().send("hello"))) {
            get(server).expectNoHeader("Alt-Svc");
            server.connectHttp2().get(1, "/").expectResponse(1).header("alt-svc");
        }
    }
}
