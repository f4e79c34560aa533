package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** curl with HTTP/2 against a server over sockets; skipped where there is none. */
@Timeout(60)
class Http2CurlTest {

    private static final int LENGTH = 3_000_000;
    private static final int TRANSFERS = 6;

    /** Of curl: a stream was not closed properly. */
    private static final int HTTP2_STREAM = 92;

    @TempDir private Path directory;
    private final ClientApplication application = new ClientApplication();
    private ExternalProgram curl;
    private KestrelServer server;
    private String origin;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        curl =
                new ExternalProgram(
                        directory,
                        "HTTP2",
                        "curl",
                        "--http2-prior-knowledge",
                        "--silent",
                        "--show-error",
                        "--noproxy",
                        "*",
                        "--max-time",
                        "40");
        server =
                KestrelServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .handler(application)
                        .start();
        origin = "http://127.0.0.1:" + server.port();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void uploadsAndDownloadsShareAConnection() throws Exception {
        Path up = Files.write(directory.resolve("up"), ClientApplication.content(LENGTH));
        List<String> arguments = new ArrayList<>(List.of("--parallel"));
        for (int i = 0; i < TRANSFERS; i++) {
            if (i > 0) {
                arguments.add("--next");
                arguments.addAll(List.of("--http2-prior-knowledge", "--noproxy", "*"));
            }
            arguments.addAll(List.of("-o", file("digest" + i)));
            arguments.addAll(List.of("-T", up.toString(), origin + "/digest", "--next"));
            arguments.addAll(List.of("--http2-prior-knowledge", "--noproxy", "*"));
            arguments.addAll(List.of("-o", file("down" + i), origin + "/bytes/" + LENGTH));
        }
        curl.run(arguments.toArray(String[]::new));
        String digest = ClientApplication.digestOf(LENGTH);
        for (int i = 0; i < TRANSFERS; i++) {
            assertThat(directory.resolve("digest" + i)).hasContent(digest);
            assertThat(directory.resolve("down" + i)).hasSameBinaryContentAs(up);
        }
        assertThat(application.connections()).isEqualTo(1);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void anUploadComesBackWhileItIsSent() throws Exception {
        Path up = Files.write(directory.resolve("up"), ClientApplication.content(LENGTH));
        curl.run("-T", up.toString(), "-o", file("down"), origin + "/echo");
        assertThat(directory.resolve("down")).hasSameBinaryContentAs(up);
    }

    @Test
    void informationalResponses() throws Exception {
        String seen = curl.run("-v", "-H", "Expect: 100-continue", "-d", "body", origin + "/echo");
        assertThat(seen).contains("< HTTP/2 100", "< HTTP/2 200", "body");
        seen = curl.run("-v", origin + "/hints");
        assertThat(seen)
                .contains("< HTTP/2 103", "< link: </style.css>; rel=preload", "< HTTP/2 200")
                .contains("hinted");
    }

    @Test
    void trailers() throws Exception {
        curl.run("-D", file("fields"), "-o", file("body"), origin + "/trailers");
        assertThat(directory.resolve("body")).hasBinaryContent(ClientApplication.content(100_000));
        assertThat(directory.resolve("fields"))
                .content()
                .contains("x-digest: " + ClientApplication.digestOf(100_000));
    }

    /** The server answers without reading, and asks the client to stop sending. */
    @Test
    void aResponseBeforeTheUploadIsOver() throws Exception {
        Path up = Files.write(directory.resolve("up"), ClientApplication.content(LENGTH));
        String seen =
                curl.run(
                        "-w",
                        " %{http_code}",
                        "-T",
                        up.toString(),
                        origin + "/refuse",
                        "--next",
                        "--http2-prior-knowledge",
                        origin + "/after");
        assertThat(seen).contains("refused 403", "GET /after HTTP/2");
        assertThat(application.connections()).isEqualTo(1);
    }

    @Test
    void aResetEndsOneTransfer() throws Exception {
        String seen =
                curl.run(
                        HTTP2_STREAM,
                        "--fail-early",
                        "-o",
                        file("reset"),
                        origin + "/reset",
                        "--next",
                        "--http2-prior-knowledge",
                        origin + "/after");
        assertThat(seen).contains("CANCEL");
        assertThat(server.statistics().applicationErrors()).isZero();
    }

    @Test
    void headAndPathsAsTheyAre() throws Exception {
        assertThat(curl.run("-I", origin + "/"))
                .startsWith("HTTP/2 200")
                .contains("content-length: 15");
        assertThat(curl.run("--path-as-is", origin + "/a/../b/./c")).isEqualTo("GET /b/c HTTP/2");
    }
}
