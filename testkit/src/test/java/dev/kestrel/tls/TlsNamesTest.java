package dev.kestrel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions.UnknownNames;
import dev.kestrel.options.HttpsOptionsBuilder;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.SniOptions;
import dev.kestrel.testkit.MemoryConnection;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What clients get by the name that they want. */
@Timeout(60)
class TlsNamesTest {

    private static final HttpHandler NAME =
            ctx -> {
                TlsConnectionFeature tls = ctx.features().get(TlsConnectionFeature.class);
                ctx.response().send("name: " + (tls == null ? "" : tls.serverName()));
            };

    private final TlsClient client = new TlsClient();

    private static TestServer start(Consumer<HttpsOptionsBuilder> change) {
        return TestServer.builder()
                .https(options -> change.accept(options.certificate(Certificates.server("first"))))
                .start(NAME);
    }

    private static TestServer startWithoutDefault(Consumer<HttpsOptionsBuilder> change) {
        HttpsOptionsBuilder options = dev.kestrel.options.HttpsOptions.builder();
        change.accept(options);
        return TestServer.builder()
                .endPoint(endPoint -> endPoint.https(options.build()))
                .start(NAME);
    }

    /** "The longest that fits counts", after the name itself and before the endpoint's own. */
    @ParameterizedTest
    @CsvSource({
        "a.example.org,second",
        "A.Example.ORG,second",
        "b.example.org,third",
        "b.c.example.org,third",
        "deep.example.org,third",
        "x.deep.example.org,rsa",
        "x.y.deep.example.org,rsa",
        "example.org,first",
        "aexample.org,first",
        "a.example.org.evil.test,first",
        "localhost,first"
    })
    void theNameThenTheLongestPatternThenTheDefault(String name, String certificate)
            throws IOException {
        try (TestServer server =
                start(
                        options ->
                                options.name("A.example.org", Certificates.server("second"))
                                        .name("*.example.org", Certificates.server("third"))
                                        .name("*.DEEP.example.org", Certificates.server("rsa")))) {
            assertThat(client.get(server, name))
                    .endsWith("name: " + name.toLowerCase(java.util.Locale.ROOT));
            assertThat(client.shown()).isEqualTo(certificate);
        }
    }

    @Test
    void noNameGetsTheDefault() throws IOException {
        try (TestServer server =
                start(options -> options.name("*.example.org", Certificates.server("third")))) {
            assertThat(client.get(server, null)).endsWith("name: null");
            assertThat(client.shown()).isEqualTo("first");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void unknownNamesAreRefusedWithTheAlertForThat(String version) throws IOException {
        client.versions(version);
        try (TestServer server =
                startWithoutDefault(
                        options ->
                                options.unknownNames(UnknownNames.REFUSE)
                                        .name("a.example.org", Certificates.server("second")))) {
            assertThatThrownBy(() -> client.connect(server, "b.example.org"))
                    .hasMessageContaining("alert: unrecognized_name");
            assertThatThrownBy(() -> client.connect(server, null))
                    .hasMessageContaining("alert: unrecognized_name");
            client.get(server, "a.example.org");
            assertThat(client.shown()).isEqualTo("second");
            assertThat(Tls.failedHandshakes(server)).isEqualTo(2);
        }
    }

    @Test
    void protocolsOfAName() throws IOException {
        SniOptions own = SniOptions.NONE.withProtocols(HttpVersion.HTTP_1_1);
        try (TestServer server = start(options -> options.name("old.example.org", own))) {
            client.applicationProtocols("h2", "http/1.1").get(server, "old.example.org");
            assertThat(client.applicationProtocol()).isEqualTo("http/1.1");
            client.connect(server, "new.example.org").finish();
            assertThat(client.applicationProtocol()).isEqualTo("h2");
            client.applicationProtocols("h2");
            assertThatThrownBy(() -> client.connect(server, "old.example.org"))
                    .hasMessageContaining("no_application_protocol");
        }
    }

    @Test
    void versionsOfAName() throws IOException {
        try (TestServer server =
                start(
                        options ->
                                options.name(
                                                "old.example.org",
                                                SniOptions.NONE.withTlsVersions(TlsVersion.TLS_1_2))
                                        .name(
                                                "new.example.org",
                                                SniOptions.NONE.withTlsVersions(
                                                        TlsVersion.TLS_1_3)))) {
            client.get(server, "old.example.org");
            assertThat(client.version()).isEqualTo("TLSv1.2");
            client.get(server, "new.example.org");
            assertThat(client.version()).isEqualTo("TLSv1.3");
            client.versions("TLSv1.2");
            assertThatThrownBy(() -> client.connect(server, "new.example.org"))
                    .hasMessageContaining("protocol_version");
        }
    }

    @Test
    void aCallbackChoosesAndRefuses() throws IOException {
        ServerCertificate second = Certificates.server("second");
        ServerCertificate third = Certificates.server("third");
        try (TestServer server =
                startWithoutDefault(
                        options ->
                                options.certificateSelector(
                                        (connection, hello) ->
                                                switch (String.valueOf(hello.serverName())) {
                                                    case "a.example.org" -> second;
                                                    case "b.example.org" -> third;
                                                    default -> null;
                                                }))) {
            client.get(server, "a.example.org");
            assertThat(client.shown()).isEqualTo("second");
            client.get(server, "B.example.org");
            assertThat(client.shown()).isEqualTo("third");
            assertThatThrownBy(() -> client.connect(server, "c.example.org"))
                    .hasMessageContaining("alert: unrecognized_name");
            assertThatThrownBy(() -> client.connect(server, null))
                    .hasMessageContaining("alert: unrecognized_name");
        }
    }

    /** "Answer the same object for the same certificate: what is made from it is kept with it". */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theSessionsOfACallbackAreKeptWithItsCertificate(String version) throws IOException {
        ServerCertificate same = Certificates.server("second");
        try (TestServer server =
                startWithoutDefault(
                        options ->
                                options.certificateSelector(
                                        (connection, hello) ->
                                                "same".equals(hello.serverName())
                                                        ? same
                                                        : Certificates.server("third")))) {
            client.versions(version);
            client.get(server, "same");
            client.get(server, "same");
            assertThat(client.fullHandshakes()).isEqualTo(1);
            client.get(server, "fresh");
            client.get(server, "fresh");
            assertThat(client.fullHandshakes()).isEqualTo(3);
        }
    }

    @Test
    void aCallbackThatFailsCostsOneConnection() throws IOException {
        ServerCertificate second = Certificates.server("second");
        try (TestServer server =
                startWithoutDefault(
                        options ->
                                options.certificateSelector(
                                        (connection, hello) -> {
                                            if ("bad".equals(hello.serverName())) {
                                                throw new IllegalStateException("no such tenant");
                                            }
                                            return second;
                                        }))) {
            server.log().expect("no such tenant").expect("unexpected exception");
            assertThatThrownBy(() -> client.connect(server, "bad"))
                    .isInstanceOf(ConnectionResetException.class);
            assertThat(client.get(server, "good")).contains(" 200 ");
            assertThat(Tls.failedHandshakes(server)).isEqualTo(1);
        }
    }

    @Test
    void aListenerMayRefuseAndMayFail() throws IOException {
        try (TestServer server =
                start(
                        options ->
                                options.clientHelloListener(
                                        (connection, hello) -> {
                                            if ("refused".equals(hello.serverName())) {
                                                connection.abort(
                                                        new dev.kestrel.connections
                                                                .ConnectionAbortedException("no"));
                                            } else if ("bad".equals(hello.serverName())) {
                                                throw new IllegalStateException("listener fails");
                                            }
                                        }))) {
            server.log().expect("listener fails").expect("unexpected exception");
            assertThatThrownBy(() -> client.connect(server, "refused"))
                    .isInstanceOf(ConnectionResetException.class);
            assertThatThrownBy(() -> client.connect(server, "bad"))
                    .isInstanceOf(ConnectionResetException.class);
            assertThat(client.get(server, "good")).contains(" 200 ");
        }
    }

    /**
     * The engine would read more than is looked at here: who decides by the ClientHello must not be
     * passed by.
     */
    @Test
    void aHelloThatIsTooLongToBeLookedAtIsRefused() throws IOException {
        AtomicInteger seen = new AtomicInteger();
        try (TestServer server =
                start(
                        options ->
                                options.clientHelloListener(
                                        (connection, hello) -> seen.incrementAndGet()))) {
            MemoryConnection connection = server.connectRaw();
            connection.write(padded(Tls.hello(client.engine("localhost")), 17_000));
            byte[] alert = connection.inputStream().readAllBytes();
            assertThat(alert).as("decode_error").containsExactly(21, 3, 3, 0, 2, 2, 50);
            assertThat(seen).hasValue(0);
            MemoryConnection other = server.connectRaw();
            other.write(padded(Tls.hello(client.engine("localhost")), 10_000));
            assertThat(other.read(new byte[1], 0, 1)).isEqualTo(1);
            assertThat(seen).hasValue(1);
        }
    }

    /** Adds a padding extension (RFC 7685), and spreads the message over records. */
    private static byte[] padded(byte[] record, int padding) {
        byte[] message = Arrays.copyOfRange(record, 5, record.length + 4 + padding);
        int at = record.length - 5;
        message[at + 1] = 21;
        putLength(message, at + 2, padding, 2);
        putLength(message, 1, message.length - 4, 3);
        int extensions = 4 + 2 + 32;
        extensions += 1 + message[extensions];
        extensions += 2 + ((message[extensions] & 0xff) << 8 | message[extensions + 1] & 0xff);
        extensions += 1 + message[extensions];
        putLength(message, extensions, message.length - extensions - 2, 2);
        byte[] records = new byte[message.length + 5 * ((message.length + 8191) / 8192)];
        int to = 0;
        for (int from = 0; from < message.length; from += 8192) {
            int count = Math.min(8192, message.length - from);
            records[to] = 22;
            records[to + 1] = 3;
            records[to + 2] = 1;
            putLength(records, to + 3, count, 2);
            System.arraycopy(message, from, records, to + 5, count);
            to += 5 + count;
        }
        return records;
    }

    private static void putLength(byte[] target, int at, int length, int count) {
        for (int i = 0; i < count; i++) {
            target[at + i] = (byte) (length >> 8 * (count - 1 - i));
        }
    }
}
