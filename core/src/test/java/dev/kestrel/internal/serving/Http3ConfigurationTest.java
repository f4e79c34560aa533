package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.options.Http3Limits;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.HttpsOptionsBuilder;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.ProxyProtocolOptions;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.SniOptions;
import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/** What an endpoint of HTTP/3 must be told; mistakes are found before anything is bound. */
class Http3ConfigurationTest {

    private static final InetSocketAddress PLACE = new InetSocketAddress("127.0.0.1", 443);
    private static final ServerCertificate ANY = ServerCertificate.pem(Path.of("not-read.pem"));

    private static HttpsOptions https(Consumer<HttpsOptionsBuilder> change) {
        HttpsOptionsBuilder options = HttpsOptions.builder().certificate(ANY);
        change.accept(options);
        return options.build();
    }

    private static KestrelServer build(Consumer<ListenOptions.Builder> endPoint) {
        return KestrelServer.builder().listen(PLACE, endPoint).handler(context -> {}).build();
    }

    /** As in the original, where the default is {@code Http1AndHttp2}. */
    @Test
    void http3HasToBeAskedFor() {
        assertThat(ListenOptions.builder(PLACE).build().protocols())
                .isEqualTo(Set.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2));
    }

    @Test
    void itNeedsHttps() {
        assertThatThrownBy(
                        () ->
                                build(
                                        endPoint ->
                                                endPoint.protocols(
                                                        HttpVersion.HTTP_1_1, HttpVersion.HTTP_3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(PLACE.toString())
                .hasMessageContaining("https(...)");
    }

    /** RFC 9001 section 4.2: "Clients MUST NOT offer TLS versions older than 1.3." */
    @Test
    void itNeedsTls13() {
        HttpsOptions old = https(options -> options.tlsVersions(TlsVersion.TLS_1_2));
        assertThatThrownBy(
                        () ->
                                build(
                                        endPoint ->
                                                endPoint.https(old)
                                                        .protocols(
                                                                HttpVersion.HTTP_1_1,
                                                                HttpVersion.HTTP_3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https.tlsVersions")
                .hasMessageContaining("TLS_1_3");
    }

    @Test
    void aNameNeedsItsEndPointAndTls13() {
        SniOptions name = SniOptions.NONE.withProtocols(HttpVersion.HTTP_3);
        HttpsOptions named = https(options -> options.name("a.example", name));
        assertThatThrownBy(() -> build(endPoint -> endPoint.https(named)))
                .hasMessageContaining("https.names.a.example")
                .hasMessageContaining("protocols(...)");
        SniOptions old = name.withTlsVersions(TlsVersion.TLS_1_2);
        HttpsOptions oldName = https(options -> options.name("a.example", old));
        assertThatThrownBy(
                        () ->
                                build(
                                        endPoint ->
                                                endPoint.https(oldName)
                                                        .protocols(HttpVersion.HTTP_3)))
                .hasMessageContaining("https.names.a.example")
                .hasMessageContaining("TLS_1_3");
    }

    /** Clients of HTTP/3 would come around the proxy that the endpoint relies on. */
    @Test
    void itDoesNotGoWithTheProxyProtocol() {
        ProxyProtocolOptions proxy = ProxyProtocolOptions.builder().trust("10.0.0.0/8").build();
        HttpsOptions https = https(options -> {});
        assertThatThrownBy(
                        () ->
                                build(
                                        endPoint ->
                                                endPoint.https(https)
                                                        .proxyProtocol(proxy)
                                                        .protocols(
                                                                HttpVersion.HTTP_1_1,
                                                                HttpVersion.HTTP_3)))
                .hasMessageContaining("PROXY");
    }

    @Test
    void whatIsRightIsTaken() {
        HttpsOptions https = https(options -> {});
        assertThatCode(
                        () ->
                                build(
                                        endPoint ->
                                                endPoint.https(https)
                                                        .protocols(
                                                                HttpVersion.HTTP_1_1,
                                                                HttpVersion.HTTP_2,
                                                                HttpVersion.HTTP_3)))
                .doesNotThrowAnyException();
    }

    @Test
    void limitsHaveTheOriginalsDefaults() {
        Http3Limits limits = KestrelServerLimits.defaults().http3();
        assertThat(limits.maxRequestHeaderFieldSize()).isEqualTo(32768);
        assertThat(limits.maxStreamsPerConnection()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void aLimitOutOfRangeIsNamed(int value) {
        assertThatThrownBy(() -> Http3Limits.builder().maxStreamsPerConnection(value))
                .hasMessage("limits.http3.maxStreamsPerConnection must be 1 or more, not " + value);
        assertThatThrownBy(() -> Http3Limits.builder().maxBlockedStreams(65536))
                .hasMessage("limits.http3.maxBlockedStreams must be from 0 to 65535, not 65536");
        assertThatThrownBy(() -> Http3Limits.builder().maxStreamResets(0))
                .hasMessage(
                        "limits.http3.maxStreamResets must be 1 or more, or -1 for no limit, not"
                                + " 0");
    }
}
