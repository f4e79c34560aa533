package dev.kestrel.app.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.app.TestServer;
import dev.kestrel.app.WebApplication;
import dev.kestrel.testkit.Http1Response;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/** Files over HTTP: types, validators, conditions, ranges (RFC 9110 sections 8, 13 and 14). */
@Timeout(60)
class StaticFilesTest {

    private static final Instant TIME = Instant.parse("2020-01-02T03:04:05.678Z");
    private static final String MODIFIED = "Thu, 02 Jan 2020 03:04:05 GMT";

    @TempDir Path root;

    @BeforeEach
    void writeFiles() throws IOException {
        write("digits.txt", "0123456789");
        write("index.html", "<p>home</p>");
        write("empty.bin", "");
        write("sub/index.html", "<p>sub</p>");
        write("bare/a.css", "a{}");
        write("caf\u00e9 & <b>/\"q\" #1?.txt", "x");
    }

    @Test
    void servesAFile() throws IOException {
        Http1Response response = get("/digits.txt");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText()).isEqualTo("0123456789");
        assertThat(response.header("Content-Type")).containsExactly("text/plain; charset=utf-8");
        assertThat(response.header("Content-Length")).containsExactly("10");
        assertThat(response.header("Last-Modified")).containsExactly(MODIFIED);
        assertThat(response.header("ETag"))
                .singleElement()
                .asString()
                .startsWith("\"")
                .endsWith("-a\"");
        assertThat(response.header("Accept-Ranges")).containsExactly("bytes");
        assertThat(response.header("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(response.header("Cache-Control")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/, <p>home</p>",
        "/sub/, <p>sub</p>",
        "/empty.bin, ''",
        "/bare/a.css?v=1, a{}",
        "/%64igits.txt, 0123456789"
    })
    void servesPaths(String target, String body) throws IOException {
        assertThat(get(target).bodyText()).isEqualTo(body);
        assertThat(get("/caf%C3%A9%20&%20%3Cb%3E/%22q%22%20%231%3F.txt").bodyText()).isEqualTo("x");
    }

    @Test
    void headHasTheFieldsOfGet() throws IOException {
        Http1Response response = request("HEAD", "/digits.txt");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Length")).containsExactly("10");
        assertThat(response.body()).isEmpty();
        // "GET is the only method for which range handling is defined" (section 14.2).
        assertThat(request("HEAD", "/digits.txt", "Range: bytes=0-1").status()).isEqualTo(200);
    }

    @Test
    void otherMethodsAreNotAllowed() throws IOException {
        Http1Response response = request("DELETE", "/digits.txt");
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.header("Allow")).containsExactly("GET, HEAD, OPTIONS");
        assertThat(request("OPTIONS", "/digits.txt").status()).isEqualTo(204);
    }

    /** To the path with a slash; the query stays. */
    @ParameterizedTest
    @CsvSource({
        "/sub, /sub/",
        "/sub?a=b, /sub/?a=b",
        "/bare/../sub, /sub/",
        "/sub?//evil.example, /sub/?//evil.example",
    })
    void directoriesGetTheirSlash(String target, String location) throws IOException {
        Http1Response response = get(target);
        assertThat(response.status()).isEqualTo(301);
        assertThat(response.header("Location")).containsExactly(location);
    }

    /** Nothing may make a redirect that a browser takes for another host. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "//sub",
                "//evil.example/..%2f..",
                "///sub",
                "/%5Csub",
                "/%2Fsub",
                "//localhost/sub",
                "/sub//",
                "/bare"
            })
    void doesNotRedirectElsewhere(String target) throws IOException {
        assertThat(get(target).status()).isEqualTo(404);
    }

    @Test
    void conditionsComeFirst() throws IOException {
        String tag = get("/digits.txt").header("ETag").getFirst();
        Http1Response same = get("/digits.txt", "If-None-Match: " + tag, "Range: bytes=0-1");
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.header("ETag")).containsExactly(tag);
        assertThat(same.body()).isEmpty();
        assertThat(get("/digits.txt", "If-Modified-Since: " + MODIFIED).status()).isEqualTo(304);
        assertThat(get("/digits.txt", "If-Match: \"other\"").status()).isEqualTo(412);
        assertThat(
                        get("/digits.txt", "If-Unmodified-Since: Thu, 02 Jan 2020 03:04:04 GMT")
                                .status())
                .isEqualTo(412);
        assertThat(get("/digits.txt", "If-Range: " + tag, "Range: bytes=0-1").status())
                .isEqualTo(206);
        assertThat(get("/digits.txt", "If-Range: \"other\"", "Range: bytes=0-1").status())
                .isEqualTo(200);
    }

    @Test
    void theTagChangesWithTimeAndSize() throws IOException {
        String before = get("/digits.txt").header("ETag").getFirst();
        Files.setLastModifiedTime(root.resolve("digits.txt"), FileTime.from(TIME.plusMillis(1)));
        String later = get("/digits.txt").header("ETag").getFirst();
        write("digits.txt", "012345678");
        String shorter = get("/digits.txt").header("ETag").getFirst();
        assertThat(List.of(before, later, shorter)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0-0",
        "bytes=2-4, 234, 2-4",
        "bytes=7-, 789, 7-9",
        "bytes=-2, 89, 8-9",
        "bytes=8-99, 89, 8-9"
    })
    void sendsARange(String range, String body, String sent) throws IOException {
        Http1Response response = get("/digits.txt", "Range: " + range);
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.bodyText()).isEqualTo(body);
        assertThat(response.header("Content-Range")).containsExactly("bytes " + sent + "/10");
        assertThat(response.header("Content-Length")).containsExactly("" + body.length());
    }

    @Test
    void sendsSeveralRanges() throws IOException {
        Http1Response response = get("/digits.txt", "Range: bytes=0-1,-1");
        assertThat(response.status()).isEqualTo(206);
        String type = response.header("Content-Type").getFirst();
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        String boundary = "--" + type.substring(type.indexOf('=') + 1);
        String head =
                boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ";
        assertThat(response.bodyText())
                .isEqualTo(
                        head
                                + "0-1/10\r\n\r\n01\r\n"
                                + head
                                + "9-9/10\r\n\r\n9\r\n"
                                + boundary
                                + "--\r\n");
        assertThat(response.header("Content-Range")).isEmpty();
    }

    /** "bytes" and an asterisk, and the current length (section 15.5.17). */
    @Test
    void saysWhenThereIsNoSuchRange() throws IOException {
        Http1Response response = get("/digits.txt", "Range: bytes=10-");
        assertThat(response.status()).isEqualTo(416);
        assertThat(response.header("Content-Range")).containsExactly("bytes */10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-,0-,0-", "bytes=x", "lines=0-1", "bytes=5-2"})
    void sendsTheWholeForRangesThatItIgnores(String range) throws IOException {
        assertThat(get("/digits.txt", "Range: " + range).bodyText()).isEqualTo("0123456789");
        assertThat(get("/empty.bin", "Range: bytes=0-").status()).isEqualTo(200);
    }

    @Test
    void followsItsOptions() throws IOException {
        StaticFileOptions options =
                StaticFileOptions.builder(root)
                        .requestPath("/static")
                        .cacheControl("public, max-age=60")
                        .contentType("TXT", "text/x-own")
                        .indexNames("none.html", "a.css")
                        .maxRanges(0)
                        .build();
        try (TestServer server = new TestServer(StaticFiles.of(options))) {
            Http1Response response = server.get("/static/digits.txt", "Range: bytes=0-1");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Content-Type")).containsExactly("text/x-own");
            assertThat(response.header("Cache-Control")).containsExactly("public, max-age=60");
            assertThat(response.header("Accept-Ranges")).isEmpty();
            assertThat(server.get("/static/bare/").bodyText()).isEqualTo("a{}");
            assertThat(server.get("/static/bare").header("Location"))
                    .containsExactly("/static/bare/");
            assertThat(server.get("/digits.txt").status()).isEqualTo(404);
            assertThat(server.get("/staticdigits.txt").status()).isEqualTo(404);
        }
    }

    @Test
    void asMiddlewareItPassesOnWhatItDoesNotHave() throws IOException {
        WebApplication app =
                WebApplication.create()
                        .use(StaticFiles.of(root))
                        .run(ctx -> ctx.response().send("app " + ctx.request().method()));
        try (TestServer server = new TestServer(app.toHandler())) {
            assertThat(server.get("/digits.txt").bodyText()).isEqualTo("0123456789");
            assertThat(server.get("/none").bodyText()).isEqualTo("app GET");
            assertThat(server.request("POST", "/digits.txt", "Content-Length: 0").bodyText())
                    .isEqualTo("app POST");
        }
    }

    /**
     * "An origin server with a clock MUST NOT generate a Last-Modified date that is later than
     * [...]" (section 8.8.2.1).
     */
    @Test
    void lastModifiedIsNotInTheFuture() throws IOException {
        Files.setLastModifiedTime(
                root.resolve("digits.txt"), FileTime.from(TIME.plusSeconds(3600)));
        StaticFiles files = StaticFiles.of(StaticFileOptions.builder(root).build(), () -> TIME);
        try (TestServer server = new TestServer(files)) {
            assertThat(server.get("/digits.txt").header("Last-Modified")).containsExactly(MODIFIED);
        }
    }

    /**
     * Half of one file and half of another must not look like a whole: the connection ends before
     * the length is reached.
     */
    @Test
    void aFileThatShrinksEndsTheConnection() throws IOException {
        Path big = root.resolve("big.bin");
        Files.write(big, new byte[8 * 1024 * 1024]);
        try (TestServer server = new TestServer(StaticFiles.of(root));
                var client = server.connect()) {
            client.send("GET /big.bin HTTP/1.1", "Host: localhost", "").expectStatus(200);
            // The client has read the head alone, so most of the file still waits to be read.
            try (var channel = Files.newByteChannel(big, java.nio.file.StandardOpenOption.WRITE)) {
                channel.truncate(1);
            }
            assertThatThrownBy(client::readRest).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void needsADirectory() {
        assertThatThrownBy(() -> StaticFiles.of(root.resolve("none")))
                .isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> StaticFiles.of(root.resolve("digits.txt")))
                .isInstanceOf(UncheckedIOException.class);
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        Files.setLastModifiedTime(file, FileTime.from(TIME));
    }

    private Http1Response get(String target, String... fields) throws IOException {
        return request("GET", target, fields);
    }

    private Http1Response request(String method, String target, String... fields)
            throws IOException {
        try (TestServer server = new TestServer(StaticFiles.of(root))) {
            return server.request(method, target, fields);
        }
    }
}
