package dev.kestrel.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.MemoryConnection;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clients that break TLS, or stop in the middle. Each loses its own connection and nothing else:
 * every test ends with a good client, and {@link TestServer#close} finds lost memory and errors in
 * the log.
 */
@Timeout(60)
class TlsRobustnessTest {

    private static final HttpHandler HELLO = ctx -> ctx.response().send("hello");

    private static TestServer start() {
        return TestServer.builder().https().start(HELLO);
    }

    private static void goodClientIsServed(TestServer server) throws IOException {
        assertThat(Tls.get(server.connectRaw().startTls("localhost", "http/1.1")))
                .startsWith("HTTP/1.1 200")
                .endsWith("hello");
    }

    private static byte[] readAll(MemoryConnection connection) throws IOException {
        try {
            return connection.inputStream().readAllBytes();
        } catch (ConnectionResetException e) {
            return new byte[0];
        }
    }

    /** A ClientHello that ends anywhere. */
    @Test
    void aHelloCutAtEveryByte() throws IOException {
        try (TestServer server = start()) {
            byte[] hello = Tls.hello(Tls.client("localhost", "h2"));
            for (int cut = 0; cut < hello.length; cut++) {
                MemoryConnection connection = server.connectRaw();
                connection.write(Arrays.copyOf(hello, cut));
                connection.finish();
                assertThat(readAll(connection)).as("cut at " + cut).isEmpty();
            }
            assertThat(server.server().statistics().failedTlsHandshakes()).isEqualTo(hello.length);
            goodClientIsServed(server);
        }
    }

    /** A ClientHello of which each byte has a bit turned. */
    @Test
    void aHelloWithEveryByteChanged() throws IOException {
        try (TestServer server = start()) {
            byte[] hello = Tls.hello(Tls.client("localhost", "h2"));
            Random random = new Random(5);
            for (int at = 0; at < hello.length; at++) {
                MemoryConnection connection = server.connectRaw();
                byte[] changed = hello.clone();
                changed[at] ^= (byte) (1 << random.nextInt(8));
                connection.write(changed);
                connection.finish();
                readAll(connection);
            }
            goodClientIsServed(server);
        }
    }

    @Test
    void garbage() throws IOException {
        try (TestServer server = start()) {
            Random random = new Random(7);
            for (int i = 0; i < 500; i++) {
                MemoryConnection connection = server.connectRaw();
                byte[] bytes = new byte[1 + random.nextInt(200)];
                random.nextBytes(bytes);
                if (i % 2 == 0) {
                    bytes[0] = 22;
                    bytes[Math.min(1, bytes.length - 1)] = 3;
                }
                connection.write(bytes);
                connection.finish();
                readAll(connection);
            }
            goodClientIsServed(server);
        }
    }

    /** RFC 8446 section 5.1: handshake messages may be spread over records. */
    @Test
    void aHelloInRecordsOfAByte() throws IOException {
        try (TestServer server = start()) {
            byte[] hello = Tls.hello(Tls.client("localhost", "h2"));
            byte[] spread = new byte[6 * (hello.length - 5)];
            for (int i = 5; i < hello.length; i++) {
                byte[] record = {22, 3, 1, 0, 1, hello[i]};
                System.arraycopy(record, 0, spread, 6 * (i - 5), 6);
            }
            MemoryConnection connection = server.connectRaw();
            connection.write(spread);
            byte[] answer = new byte[1];
            assertThat(connection.read(answer, 0, 1)).isEqualTo(1);
            assertThat(answer[0]).as("a handshake record").isEqualTo((byte) 22);
            connection.finish();
            readAll(connection);
            goodClientIsServed(server);
        }
    }

    @Test
    void aHandshakeThatStallsIsResetAfterItsTimeout() throws IOException {
        try (TestServer server = start()) {
            MemoryConnection silent = server.connectRaw();
            MemoryConnection begun = server.connectRaw();
            begun.write(Tls.hello(Tls.client("localhost", "h2")));
            silent.awaitServerIdle();
            begun.awaitServerIdle();
            server.time().advance(Duration.ofSeconds(9));
            assertThat(silent.isEndedByServer()).isFalse();
            server.time().advance(Duration.ofSeconds(3));
            assertThatThrownBy(() -> silent.inputStream().readAllBytes())
                    .isInstanceOf(ConnectionResetException.class);
            assertThatThrownBy(() -> begun.inputStream().readAllBytes())
                    .isInstanceOf(ConnectionResetException.class);
            goodClientIsServed(server);
        }
    }

    /** Bytes that nobody encrypted, in the middle of a connection. */
    @Test
    void aRecordThatIsNotAuthentic() throws IOException {
        try (TestServer server = start()) {
            MemoryConnection connection = server.connectRaw();
            connection.startTls("localhost", "http/1.1");
            byte[] record = new byte[50];
            record[0] = 23;
            record[1] = 3;
            record[2] = 3;
            record[4] = 45;
            connection.writeBeneathTls(record);
            assertThatThrownBy(() -> connection.inputStream().readAllBytes())
                    .hasMessageContaining("alert");
            goodClientIsServed(server);
        }
    }

    /** RFC 8446 section 6.1: without close_notify, a body may have been cut. */
    @Test
    void aBodyThatIsCutFails() throws IOException, InterruptedException {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread[] application = new Thread[1];
        HttpHandler handler =
                ctx -> {
                    application[0] = Thread.currentThread();
                    try {
                        ctx.request().inputStream().readAllBytes();
                    } catch (IOException e) {
                        seen.set(e);
                        throw e;
                    }
                };
        try (TestServer server = TestServer.builder().https().start(handler)) {
            MemoryConnection connection = server.connectRaw();
            connection.startTls("localhost", "http/1.1");
            connection.write(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
                            .getBytes(StandardCharsets.US_ASCII));
            connection.cut();
            readAllQuietly(connection);
            application[0].join();
            assertThat(seen.get()).isInstanceOf(IOException.class);
        }
    }

    private static void readAllQuietly(MemoryConnection connection) {
        try {
            connection.inputStream().readAllBytes();
        } catch (IOException | AssertionError e) {
            // However it ends.
        }
    }

    @Test
    void aClientThatHasSaidEverythingGetsItsAnswer() throws IOException {
        HttpHandler echo = ctx -> ctx.response().send(ctx.request().bodyBytes());
        try (TestServer server = TestServer.builder().https().start(echo)) {
            MemoryConnection connection = server.connectRaw();
            connection.startTls("localhost", "http/1.1");
            connection.write(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                            .getBytes(StandardCharsets.US_ASCII));
            connection.finish();
            String answer =
                    new String(connection.inputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("abc");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void recordsOfEverySize(String version) throws IOException {
        HttpHandler echo = ctx -> ctx.response().send(ctx.request().bodyBytes());
        try (TestServer server = TestServer.builder().https().start(echo)) {
            MemoryConnection connection = server.connectRaw();
            connection.startTls(Tls.client("localhost", "http/1.1", version));
            Random random = new Random(3);
            for (int size = 1; size <= 16 * 1024 + 1; size += size < 64 ? 1 : 251) {
                exchange(connection, size, random);
            }
            exchange(connection, 16 * 1024 - 1, random);
            exchange(connection, 16 * 1024, random);
            exchange(connection, 16 * 1024 + 1, random);
            exchange(connection, 1_000_000, random);
        }
    }

    private static void exchange(MemoryConnection connection, int size, Random random)
            throws IOException {
        byte[] body = new byte[size];
        random.nextBytes(body);
        connection.write(
                ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + size + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        connection.write(body);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) connection.inputStream().read());
        }
        assertThat(head).startsWith("HTTP/1.1 200");
        assertThat(connection.inputStream().readNBytes(size)).as("size " + size).isEqualTo(body);
    }

    @Test
    void theServerStopsAlthoughAHandshakeGoesOn() throws IOException, InterruptedException {
        try (TestServer server = start()) {
            MemoryConnection begun = server.connectRaw();
            begun.write(Tls.hello(Tls.client("localhost", "h2")));
            begun.awaitServerIdle();
            server.beginStop(Duration.ofSeconds(30)).join();
            readAll(begun);
            assertThat(begun.isEndedByServer()).isTrue();
        }
    }
}
