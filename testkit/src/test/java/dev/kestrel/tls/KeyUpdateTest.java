package dev.kestrel.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.MemoryConnection;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLEngine;

/** Clients that change their keys and ask for new ones (RFC 8446 section 4.6.3). */
@Timeout(60)
class KeyUpdateTest {

    private static final byte[] PART = new byte[16 * 1024];

    /** A client's engine of the JDK sends a KeyUpdate that asks for another before what is next. */
    private static void updateKeys(SSLEngine engine) throws IOException {
        engine.beginHandshake();
    }

    private static byte[] head(int length) {
        return ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void keysAreUpdatedAsOftenAsThereIsContentAndAnAnswer() throws IOException {
        HttpHandler echo = ctx -> ctx.response().send(ctx.request().bodyBytes());
        try (TestServer server = TestServer.builder().https().start(echo)) {
            SSLEngine engine = Tls.client("localhost", "http/1.1", "TLSv1.3");
            MemoryConnection connection = server.connectRaw().startTls(engine);
            for (int i = 0; i < 200; i++) {
                updateKeys(engine);
                connection.write(head(PART.length));
                connection.write(PART);
                StringBuilder answer = new StringBuilder();
                while (answer.indexOf("\r\n\r\n") < 0) {
                    int next = connection.inputStream().read();
                    assertThat(next).as("round " + i).isNotNegative();
                    answer.append((char) next);
                }
                assertThat(answer).startsWith("HTTP/1.1 200");
                assertThat(connection.inputStream().readNBytes(PART.length)).isEqualTo(PART);
            }
        }
    }

    /** Each answer that is not sent yet holds keys and a cipher. */
    // Other engines limit updates of keys themselves.
    @Tag("jdk-engine")
    @Test
    void aFloodDuringAnUploadEndsTheConnection() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        HttpHandler sink =
                ctx -> {
                    try {
                        ctx.request().inputStream().readAllBytes();
                    } catch (IOException e) {
                        seen.set(e);
                        throw e;
                    } finally {
                        done.countDown();
                    }
                };
        try (TestServer server = TestServer.builder().https().start(sink)) {
            SSLEngine engine = Tls.client("localhost", "http/1.1", "TLSv1.3");
            MemoryConnection connection = server.connectRaw().startTls(engine);
            int parts = 200;
            connection.write(head(parts * PART.length));
            try {
                for (int i = 0; i < parts; i++) {
                    updateKeys(engine);
                    connection.write(PART);
                }
            } catch (IOException e) {
                // The server has had enough.
            }
            done.await();
            assertThat(seen.get()).hasMessageContaining("updates of keys");
        }
    }

    // Other engines limit updates of keys themselves.
    @Tag("jdk-engine")
    @Test
    void aFloodWithoutContentEndsTheConnection() throws IOException {
        HttpHandler never = ctx -> ctx.response().send("never");
        try (TestServer server = TestServer.builder().https().start(never)) {
            SSLEngine engine = Tls.client("localhost", "http/1.1", "TLSv1.3");
            MemoryConnection connection = server.connectRaw().startTls(engine);
            byte[] head = head(1);
            try {
                for (byte each : head) {
                    updateKeys(engine);
                    connection.write(each);
                }
                connection.inputStream().readAllBytes();
            } catch (IOException | AssertionError e) {
                // However it ends.
            }
            assertThat(connection.isEndedByServer()).isTrue();
        }
    }
}
