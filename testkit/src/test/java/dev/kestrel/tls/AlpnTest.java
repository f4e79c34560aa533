package dev.kestrel.tls;

import static dev.kestrel.testkit.Http2Error.INADEQUATE_SECURITY;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.MemoryConnection;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;

/** What is negotiated: the protocol inside, cipher suites, sessions. Rows are the original's. */
@Timeout(60)
class AlpnTest {

    private static final HttpHandler PROTOCOL =
            ctx -> ctx.response().send(ctx.request().protocol());

    private final TlsClient client = new TlsClient();

    private static TestServer start(HttpVersion first, HttpVersion... more) {
        return TestServer.builder()
                .https()
                .endPoint(endPoint -> endPoint.protocols(first, more))
                .start(PROTOCOL);
    }

    private Http2Conversation http2(TestServer server) throws IOException {
        MemoryConnection connection =
                client.applicationProtocols("h2").connect(server, "localhost");
        return new Http2Conversation(connection, server.time());
    }

    private static void http2IsSpoken(Http2Conversation client) {
        client.handshake()
                .headers(
                        1,
                        true,
                        ":method",
                        "GET",
                        ":scheme",
                        "https",
                        ":authority",
                        "localhost",
                        ":path",
                        "/")
                .expectResponse(1)
                .status(200)
                .body("HTTP/2");
    }

    /** RFC 7301 section 3.2: the server selects by its own preference. */
    @Test
    void bothAreOfferedAndHttp2IsPreferred() throws IOException {
        try (TestServer server = start(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
            client.applicationProtocols("http/1.1", "h2").connect(server, "localhost").finish();
            assertThat(client.applicationProtocol()).isEqualTo("h2");
            http2IsSpoken(http2(server));
            client.applicationProtocols("http/1.1");
            assertThat(client.get(server, "localhost")).endsWith("HTTP/1.1");
            client.applicationProtocols("spdy/3", "http/1.1");
            assertThat(client.get(server, "localhost")).endsWith("HTTP/1.1");
        }
    }

    /** RFC 9113 section 3.3: without ALPN nobody has agreed on HTTP/2, whatever comes first. */
    @Test
    void withoutAlpnItIsHttp1() throws IOException {
        try (TestServer server = start(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
            client.applicationProtocols();
            assertThat(client.get(server, "localhost")).endsWith("HTTP/1.1");
            MemoryConnection preface = client.connect(server, "localhost");
            preface.write(dev.kestrel.testkit.Http2Frames.preface());
            assertThat(new String(preface.inputStream().readAllBytes(), "ISO-8859-1"))
                    .doesNotContain(" 200 ");
        }
    }

    /** "The server SHALL send a fatal no_application_protocol alert" (RFC 7301 section 3.2). */
    @ParameterizedTest
    @CsvSource({"HTTP_1_1,h2", "HTTP_2,http/1.1", "HTTP_2,h2c", "HTTP_1_1,H2"})
    void noOverlap(HttpVersion spoken, String offered) throws IOException {
        try (TestServer server = start(spoken)) {
            client.applicationProtocols(offered);
            assertThatThrownBy(() -> client.connect(server, "localhost"))
                    .hasMessageContaining("alert: no_application_protocol");
            client.applicationProtocols(spoken == HttpVersion.HTTP_2 ? "h2" : "http/1.1");
            client.connect(server, "localhost").finish();
        }
    }

    @Test
    void anEndpointOfHttp2AloneResetsClientsWithoutAlpn() throws IOException {
        try (TestServer server = start(HttpVersion.HTTP_2)) {
            client.applicationProtocols();
            assertThatThrownBy(() -> client.get(server, "localhost"))
                    .isInstanceOf(ConnectionResetException.class);
            http2IsSpoken(http2(server));
        }
    }

    /** Row 4: "HTTP/1.x detection is off under TLS: the server waits for a full preface". */
    @Test
    void row004_http1WhereHttp2WasNegotiated() throws IOException {
        try (TestServer server = start(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
            Http2Conversation few = http2(server);
            few.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes("US-ASCII"));
            few.awaitServerIdle();
            assertThat(few.connection().isEndedByServer()).isFalse();
            Http2Conversation more = http2(server);
            more.sendRaw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes("US-ASCII"));
            more.unchecked().expectConnectionError(0, PROTOCOL_ERROR);
        }
    }

    /**
     * Row 6, for what is left of it: versions below 1.2 can not be configured at all. "A deployment
     * of HTTP/2 over TLS 1.2 SHOULD NOT use any of the prohibited cipher suites" and may be
     * answered with INADEQUATE_SECURITY (RFC 9113 section 9.2.2).
     */
    // BoringSSL has fewer suites, and no order of those of TLS 1.3.
    @Tag("jdk-engine")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
                "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
            })
    void row006_aSuiteOfAppendixAIsInadequateSecurity(String suite) throws IOException {
        try (TestServer server =
                TestServer.builder()
                        .https(
                                options ->
                                        options.certificate(Certificates.server("rsa"))
                                                .tlsVersions(TlsVersion.TLS_1_2)
                                                .cipherSuites(List.of(suite)))
                        .start(PROTOCOL)) {
            Http2Conversation conversation = http2(server);
            assertThat(client.cipherSuite()).isEqualTo(suite);
            conversation.unchecked().expectConnectionError(0, INADEQUATE_SECURITY);
            client.applicationProtocols("http/1.1");
            assertThat(client.get(server, "localhost")).endsWith("HTTP/1.1");
        }
    }

    // BoringSSL has fewer suites, and no order of those of TLS 1.3.
    @Tag("jdk-engine")
    @ParameterizedTest
    @CsvSource({
        "TLSv1.3,TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256",
        "TLSv1.2,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    })
    void theServersOrderOfSuitesCounts(String version, String first, String second)
            throws IOException {
        for (List<String> order : List.of(List.of(first, second), List.of(second, first))) {
            try (TestServer server =
                    TestServer.builder()
                            .https(
                                    options ->
                                            options.certificate(Certificates.server("rsa"))
                                                    .tlsVersions(
                                                            version.equals("TLSv1.3")
                                                                    ? TlsVersion.TLS_1_3
                                                                    : TlsVersion.TLS_1_2)
                                                    .cipherSuites(order))
                            .start(PROTOCOL)) {
                client.versions(version).cipherSuites(second, first).get(server, "localhost");
                assertThat(client.cipherSuite()).isEqualTo(order.getFirst());
                client.cipherSuites(first, second).get(server, "localhost");
                assertThat(client.cipherSuite()).isEqualTo(order.getFirst());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionsAreResumed(String version) throws IOException {
        try (TestServer server = start(HttpVersion.HTTP_1_1)) {
            client.versions(version);
            for (int i = 0; i < 5; i++) {
                assertThat(client.get(server, "localhost")).endsWith("HTTP/1.1");
                assertThat(client.version()).isEqualTo(version);
            }
            assertThat(client.fullHandshakes()).isEqualTo(1);
        }
    }
}
