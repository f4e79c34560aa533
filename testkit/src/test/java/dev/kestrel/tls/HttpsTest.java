package dev.kestrel.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** HTTP over TLS as an application and its clients see it. */
class HttpsTest {

    private static final HttpHandler HELLO =
            ctx -> ctx.response().send(ctx.request().scheme() + " " + ctx.request().protocol());

    @Test
    void bothVersionsShareAPortByAlpn() {
        try (TestServer server = TestServer.builder().https().start(HELLO)) {
            server.connectHttp2().get(1, "/").expectResponse(1).status(200).body("https HTTP/2");
            server.connectTls()
                    .send("GET / HTTP/1.1", "Host: localhost", "")
                    .expectStatus(200)
                    .expectBody("https HTTP/1.1");
        }
    }

    /** BoringSSL chooses among the suites of TLS 1.3 itself. */
    @Test
    @Tag("jdk-engine")
    void theFirstSuiteIsTheBest() {
        HttpHandler handler =
                ctx -> {
                    TlsConnectionFeature tls = ctx.features().get(TlsConnectionFeature.class);
                    assertThat(tls).isNotNull();
                    ctx.response().send(tls.cipherSuite());
                };
        try (TestServer server = TestServer.builder().https().start(handler)) {
            server.connectHttp2()
                    .get(1, "/")
                    .expectResponse(1)
                    .status(200)
                    .body("TLS_AES_128_GCM_SHA256");
        }
    }

    @Test
    void requestsKnowWhatWasNegotiated() {
        HttpHandler handler =
                ctx -> {
                    TlsConnectionFeature tls = ctx.features().get(TlsConnectionFeature.class);
                    assertThat(tls).isNotNull();
                    assertThat(tls.version()).isEqualTo(TlsVersion.TLS_1_3);
                    // Which of them is up to the engine.
                    assertThat(tls.cipherSuite()).startsWith("TLS_AES_");
                    assertThat(tls.serverName()).isEqualTo("localhost");
                    assertThat(tls.clientCertificates()).isEmpty();
                    assertThat(tls.clientCertificate()).isNull();
                    ctx.response().send(String.valueOf(tls.applicationProtocol()));
                };
        try (TestServer server = TestServer.builder().https().start(handler)) {
            server.connectHttp2().get(1, "/").expectResponse(1).status(200).body("h2");
            Http1Conversation client = server.connectTls();
            client.send("GET / HTTP/1.1", "Host: localhost", "");
            client.expectStatus(200).expectBody("http/1.1");
        }
    }
}
