package dev.kestrel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kestrel.app.WebApplication;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Each example does what it says, on a port of its own. */
@Timeout(30)
class ExamplesTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void closeClient() {
        client.shutdownNow();
    }

    @Test
    void helloAnswersEveryPathAndGreetsByName() throws Exception {
        try (WebApplication app = Hello.create().start(0)) {
            assertThat(get(app, "/").body()).isEqualTo("Hello HTTP/1.1");
            assertThat(get(app, "/any/other").body()).isEqualTo("Hello HTTP/1.1");
            assertThat(get(app, "/hello/J%C3%BCrgen").body()).isEqualTo("Hello Jürgen");
        }
    }

    @Test
    void theReadmeShowsTheHelloExample() throws Exception {
        Path readme = Path.of("..", "README.md");
        List<String> example =
                Files.readAllLines(Path.of("src/main/java/dev/kestrel/examples/Hello.java"));
        List<String> shown =
                Files.readString(readme)
                        .transform(text -> text.substring(text.indexOf("```java") + 8))
                        .transform(text -> text.substring(0, text.indexOf("```")))
                        .lines()
                        .filter(line -> !line.isBlank())
                        .map(String::strip)
                        .toList();
        assertThat(example.stream().map(String::strip)).containsAll(shown);
    }

    @Test
    void tcpEchoStandsBesideHttp() throws Exception {
        try (WebApplication app = TcpEcho.create(0, 0).start()) {
            assertThat(get(app, "/").statusCode()).isEqualTo(200);
            InetSocketAddress echo = (InetSocketAddress) app.endPoints().getLast();
            assertThat(echo.getPort()).isNotEqualTo(app.port());
            try (Socket socket = new Socket(echo.getAddress(), echo.getPort())) {
                socket.getOutputStream().write("ping".getBytes(US_ASCII));
                assertThat(socket.getInputStream().readNBytes(4)).asString().isEqualTo("ping");
                socket.getOutputStream().write("pong".getBytes(US_ASCII));
                socket.shutdownOutput();
                assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("pong");
            }
        }
    }

    @Test
    void serverSentEventsComeOneByOne() throws Exception {
        try (WebApplication app = ServerSentEvents.create(Duration.ofMillis(1)).start(0)) {
            HttpResponse<InputStream> response =
                    client.send(request(app, "/time").build(), BodyHandlers.ofInputStream());
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
                for (int i = 0; i < 3; i++) {
                    String data = lines.readLine();
                    assertThat(data).startsWith("data: ");
                    assertThat(Instant.parse(data.substring(6))).isNotNull();
                    assertThat(lines.readLine()).isEmpty();
                }
            }
        }
    }

    @Test
    void uploadsAreKeptWithTheirDigest(@TempDir Path directory) throws Exception {
        byte[] body = "abc".getBytes(US_ASCII);
        try (WebApplication app = Upload.create(directory).start(0)) {
            HttpResponse<String> response =
                    client.send(
                            request(app, "/upload").PUT(BodyPublishers.ofByteArray(body)).build(),
                            BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(201);
            // The example of FIPS 180-2, appendix B.1.
            assertThat(response.body())
                    .isEqualTo(
                            "3 bytes, sha256 ba7816bf8f01cfea414140de5dae2223"
                                    + "b00361a396177a9cb410ff61f20015ad\n");
            try (Stream<Path> kept = Files.list(directory)) {
                assertThat(kept)
                        .singleElement()
                        .satisfies(file -> assertThat(Files.readAllBytes(file)).isEqualTo(body));
            }
        }
    }

    private HttpResponse<String> get(WebApplication app, String path) throws Exception {
        return client.send(request(app, path).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(WebApplication app, String path) {
        String host = InetAddress.ofLiteral("127.0.0.1").getHostAddress();
        return HttpRequest.newBuilder(URI.create("http://" + host + ":" + app.port() + path))
                .version(HttpClient.Version.HTTP_1_1);
    }
}
