package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpContext;
import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The JDK's own client against a server over sockets that speaks both versions. Without TLS this
 * client has no prior knowledge: for HTTP/2 it sends {@code Upgrade: h2c}, which "was never widely
 * deployed and is deprecated" (RFC 9113 section 3.1). "A server MAY ignore a received Upgrade
 * header field" (RFC 9110 section 7.8), and the client gets on with HTTP/1.1.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource(names = {"HTTP_1_1", "HTTP_2"})
class JdkHttpClientTest {

    private static final int LARGE = 20_000_000;

    private static final int PART = 2_000_000;
    private static final int TRANSFERS = 16;

    @Parameter private Version version;
    private final ClientApplication application = new ClientApplication();
    private final Set<String> connections = ConcurrentHashMap.newKeySet();
    private final Set<String> upgrades = ConcurrentHashMap.newKeySet();
    private KestrelServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        server =
                KestrelServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .handler(this::handle)
                        .start();
        client = HttpClient.newBuilder().version(version).build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private void handle(HttpContext ctx) throws Exception {
        connections.add(ctx.connection().id());
        upgrades.add(String.valueOf(ctx.request().headers().get("upgrade")));
        switch (ctx.request().path()) {
            case "/echo" -> {
                try (InputStream in = ctx.request().inputStream();
                        OutputStream out = ctx.response().outputStream()) {
                    in.transferTo(out);
                }
            }
            // This client reads nothing of a response before it has sent its whole request.
            case "/whole" -> ctx.response().send(ctx.request().bodyBytes());
            case "/stream" -> {
                for (int i = 0; i < 10; i++) {
                    ctx.response().outputStream().write(("line " + i + "\n").getBytes());
                    ctx.response().flush();
                }
            }
            case "/none" -> ctx.response().status(204);
            case "/" -> ctx.response().send("Hello " + ctx.request().method());
            default -> application.handle(ctx);
        }
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    }

    @Test
    void getHeadAndDelete() throws Exception {
        HttpResponse<String> get = client.send(to("/").build(), BodyHandlers.ofString());
        assertThat(get.statusCode()).isEqualTo(200);
        assertThat(get.body()).isEqualTo("Hello GET");
        HttpResponse<String> head = client.send(to("/").HEAD().build(), BodyHandlers.ofString());
        assertThat(head.headers().firstValue("Content-Length")).hasValue("10");
        assertThat(head.body()).isEmpty();
        assertThat(client.send(to("/").DELETE().build(), BodyHandlers.ofString()).body())
                .isEqualTo("Hello DELETE");
        assertThat(client.send(to("/none").build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(204);
    }

    @Test
    void requestsOneAfterAnotherShareAConnection() throws Exception {
        for (int i = 0; i < 50; i++) {
            HttpRequest post = to("/echo").POST(BodyPublishers.ofString("body " + i)).build();
            assertThat(client.send(post, BodyHandlers.ofString()).body()).isEqualTo("body " + i);
        }
        assertThat(connections).hasSize(1);
    }

    @Test
    void aStreamedResponseComesLineByLine() throws Exception {
        HttpResponse<Stream<String>> response =
                client.send(to("/stream").build(), BodyHandlers.ofLines());
        assertThat(response.body()).hasSize(10).startsWith("line 0").endsWith("line 9");
    }

    @Test
    void aLargeBodyComesBackAsItWas() throws Exception {
        byte[] large = new byte[LARGE];
        new Random(1).nextBytes(large);
        HttpRequest known = to("/whole").POST(BodyPublishers.ofByteArray(large)).build();
        assertThat(Arrays.equals(client.send(known, BodyHandlers.ofByteArray()).body(), large))
                .isTrue();
        HttpRequest chunked =
                to("/whole")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                        .build();
        assertThat(Arrays.equals(client.send(chunked, BodyHandlers.ofByteArray()).body(), large))
                .isTrue();
    }

    @Test
    void expectContinue() throws Exception {
        HttpRequest post =
                to("/echo").expectContinue(true).POST(BodyPublishers.ofString("waited")).build();
        assertThat(client.send(post, BodyHandlers.ofString()).body()).isEqualTo("waited");
    }

    @Test
    void manyAtOnce() {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            HttpRequest post = to("/echo").POST(BodyPublishers.ofString("body " + i)).build();
            answers.add(client.sendAsync(post, BodyHandlers.ofString()));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).join().body()).isEqualTo("body " + i);
        }
    }

    @Test
    void whatIsAskedForIsHttp2AndWhatIsSpokenIsNot() throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpRequest post = to("/echo").POST(BodyPublishers.ofString("body")).build();
            HttpResponse<String> response = client.send(post, BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(Version.HTTP_1_1);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Upgrade")).isEmpty();
            assertThat(response.body()).isEqualTo("body");
        }
        assertThat(upgrades).containsExactly(version == Version.HTTP_2 ? "h2c" : "null");
        assertThat(connections).hasSize(1);
    }

    @Test
    void uploadsAndDownloadsAtOnce() throws Exception {
        byte[] content = ClientApplication.content(PART);
        String digest = ClientApplication.digestOf(PART);
        List<Future<HttpResponse<String>>> uploads = new ArrayList<>();
        List<Future<HttpResponse<byte[]>>> downloads = new ArrayList<>();
        for (int i = 0; i < TRANSFERS; i++) {
            HttpRequest upload = to("/digest").POST(BodyPublishers.ofByteArray(content)).build();
            uploads.add(client.sendAsync(upload, BodyHandlers.ofString()));
            HttpRequest download = to("/bytes/" + PART).build();
            downloads.add(client.sendAsync(download, BodyHandlers.ofByteArray()));
        }
        for (int i = 0; i < TRANSFERS; i++) {
            assertThat(uploads.get(i).get().body()).isEqualTo(digest);
            assertThat(Arrays.equals(downloads.get(i).get().body(), content)).isTrue();
        }
    }
}
