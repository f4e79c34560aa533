package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpContext;
import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** curl against a server over sockets; skipped where there is no curl. */
@Timeout(60)
class CurlTest {

    private static final byte[] CONTENT = new byte[3_000_000];

    @TempDir private Path directory;
    private KestrelServer server;

    @BeforeAll
    static void findCurl() throws InterruptedException {
        new Random(7).nextBytes(CONTENT);
        boolean found;
        try {
            found =
                    new ProcessBuilder("curl", "--version")
                                    .redirectErrorStream(true)
                                    .start()
                                    .waitFor()
                            == 0;
        } catch (IOException e) {
            found = false;
        }
        Assumptions.assumeTrue(found, "Skipped: there is no curl");
    }

    @BeforeEach
    void start() throws IOException {
        server =
                KestrelServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .handler(CurlTest::handle)
                        .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void handle(HttpContext ctx) throws Exception {
        switch (ctx.request().method() + " " + ctx.request().path()) {
            case "GET /content" -> sendContent(ctx);
            case "PUT /echo", "POST /echo" -> {
                try (InputStream in = ctx.request().inputStream()) {
                    in.transferTo(ctx.response().outputStream());
                }
            }
            case "POST /refuse" -> ctx.response().status(403).send("refused");
            default ->
                    ctx.response()
                            .send(
                                    ctx.request().method()
                                            + " "
                                            + ctx.request().rawTarget()
                                            + " "
                                            + ctx.request().path()
                                            + " "
                                            + ctx.request().protocol());
        }
    }

    /**
     * A part of the content from {@code Range: bytes=N-} on, which is what a resumed download asks
     * for.
     */
    private static void sendContent(HttpContext ctx) throws IOException {
        String range = ctx.request().header("Range");
        int from =
                range == null
                        ? 0
                        : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        if (range != null) {
            ctx.response().status(206);
            ctx.response()
                    .header(
                            "Content-Range",
                            "bytes " + from + "-" + (CONTENT.length - 1) + "/" + CONTENT.length);
        }
        ctx.response().send(CONTENT, from, CONTENT.length - from);
    }

    private String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("curl", "--silent", "--show-error", "--noproxy", "*"));
        command.addAll(List.of("--max-time", "30"));
        for (String argument : arguments) {
            command.add(argument.replace("{server}", "http://127.0.0.1:" + server.port()));
        }
        Path output = directory.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    @Test
    void aStoppedDownloadIsResumed() throws Exception {
        Path file = directory.resolve("download");
        Files.write(file, Arrays.copyOf(CONTENT, 1_000_000));
        curl("-C", "-", "-o", file.toString(), "{server}/content");
        assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
    }

    @Test
    void anUploadComesBackAsItWas() throws Exception {
        Path up = Files.write(directory.resolve("up"), CONTENT);
        Path down = directory.resolve("down");
        curl("-T", up.toString(), "-o", down.toString(), "{server}/echo");
        assertThat(Files.readAllBytes(down)).isEqualTo(CONTENT);
        curl(
                "-T",
                up.toString(),
                "-H",
                "Transfer-Encoding: chunked",
                "-o",
                down.toString(),
                "{server}/echo");
        assertThat(Files.readAllBytes(down)).isEqualTo(CONTENT);
    }

    @Test
    void expectContinue() throws Exception {
        String seen = curl("-v", "-H", "Expect: 100-continue", "-d", "body", "{server}/echo");
        assertThat(seen)
                .contains("< HTTP/1.1 100 Continue")
                .contains("< HTTP/1.1 200 OK")
                .contains("body");
        seen = curl("-v", "-H", "Expect: 100-continue", "-d", "body", "{server}/refuse");
        assertThat(seen)
                .doesNotContain("< HTTP/1.1 100")
                .contains("< HTTP/1.1 403")
                .contains("refused");
    }

    @Test
    void headAndHttp10AndPathsAsTheyAre() throws Exception {
        assertThat(curl("-I", "{server}/"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Length: 17\r\n");
        assertThat(curl("-0", "{server}/old")).isEqualTo("GET /old /old HTTP/1.0");
        assertThat(curl("--path-as-is", "{server}/a/../b/./c"))
                .isEqualTo("GET /a/../b/./c /b/c HTTP/1.1");
    }

    @Test
    void severalRequestsShareAConnection() throws Exception {
        String seen = curl("-v", "{server}/1", "{server}/2", "{server}/3");
        assertThat(seen).contains("GET /1 /1 HTTP/1.1", "GET /2 /2 HTTP/1.1", "GET /3 /3 HTTP/1.1");
        assertThat(server.statistics().requests()).isEqualTo(3);
        assertThat(seen.split("Connected to", -1)).hasSize(2);
    }
}
