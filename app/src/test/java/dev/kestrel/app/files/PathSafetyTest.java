package dev.kestrel.app.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kestrel.app.TestServer;
import dev.kestrel.testkit.Http1Response;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is not a visible, plain file inside the root does not exist. */
@Timeout(60)
class PathSafetyTest {

    @TempDir Path directory;

    private Path root;

    @BeforeEach
    void writeFiles() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        Files.writeString(directory.resolve("secret.txt"), "secret");
        Files.createDirectories(directory.resolve("root-beside"));
        Files.writeString(directory.resolve("root-beside/secret.txt"), "secret");
        Files.writeString(root.resolve("open.txt"), "open");
        Files.writeString(root.resolve(".hidden"), "secret");
        Files.createDirectories(root.resolve("sub/.git"));
        Files.writeString(root.resolve("sub/.git/config"), "secret");
        Files.writeString(root.resolve("sub/inner.txt"), "open");
        Files.createDirectories(root.resolve(".well-known/acme"));
        Files.writeString(root.resolve(".well-known/acme/token"), "open");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret.txt",
                "/..%2fsecret.txt",
                "/%2e%2e/secret.txt",
                "/%2e%2e%2fsecret.txt",
                "/.%2e/secret.txt",
                "/%252e%252e/secret.txt",
                "/..%252fsecret.txt",
                "/..\\secret.txt",
                "/..%5csecret.txt",
                "/%2e%2e%5csecret.txt",
                "/sub/../../secret.txt",
                "/sub/%2e%2e/%2e%2e/secret.txt",
                "/....//secret.txt",
                "/..;/secret.txt",
                "/../root-beside/secret.txt",
                "/%c0%ae%c0%ae/secret.txt",
                "/..%c0%afsecret.txt",
                "/..%00/secret.txt",
                "/open.txt%00",
                "/open.txt%00.html",
                "/open.txt%0a",
                "//etc/passwd",
                "/%2fetc/passwd",
                "/%2Fetc%2Fpasswd",
                "/etc/passwd",
                "/C:/windows/win.ini",
                "/c:%5cwindows%5cwin.ini",
                "/file:/etc/passwd",
                "/~root",
                "/open.txt/",
                "/open.txt/.",
                "/open.txt/x",
                "/.hidden",
                "/%2ehidden",
                "/sub/.git/config",
                "/sub/.git/",
                "/sub//inner.txt",
                "/sub%2finner.txt",
                "/sub%5cinner.txt",
                "/sub\\inner.txt",
                "/sub/.well-known/acme/token",
                "/\u007f",
                "/*"
            })
    void doesNotExist(String target) throws IOException {
        Http1Response response = get(target);
        assertThat(response.status()).isBetween(400, 404);
        assertThat(response.bodyText()).doesNotContain("secret").doesNotContain("root:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/open.txt",
                "/./open.txt",
                "/sub/../open.txt",
                "/../open.txt",
                "/sub/inner.txt",
                "/.well-known/acme/token"
            })
    void exists(String target) throws IOException {
        assertThat(get(target).bodyText()).isEqualTo("open");
    }

    @Test
    void aNameCanNotBeTooLong() throws IOException {
        assertThat(get("/" + "x".repeat(4000)).status()).isEqualTo(404);
        assertThat(get("/" + "x/".repeat(3000)).status()).isEqualTo(404);
    }

    @Test
    void linksLeadNowhereOutsideTheRoot() throws IOException {
        Files.createSymbolicLink(root.resolve("out.txt"), directory.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("out"), directory);
        Files.createSymbolicLink(root.resolve("beside"), directory.resolve("root-beside"));
        Files.createSymbolicLink(root.resolve("relative.txt"), Path.of("../secret.txt"));
        Files.createSymbolicLink(root.resolve("hidden.txt"), Path.of(".hidden"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("none"));
        for (String target :
                new String[] {
                    "/out.txt",
                    "/out/secret.txt",
                    "/beside/secret.txt",
                    "/relative.txt",
                    "/hidden.txt",
                    "/loop",
                    "/dangling"
                }) {
            assertThat(get(target).status()).as(target).isEqualTo(404);
        }
    }

    @Test
    void linksInsideTheRootAreFollowedUnlessForbidden() throws IOException {
        Files.createSymbolicLink(root.resolve("link.txt"), root.resolve("open.txt"));
        Files.createSymbolicLink(root.resolve("dir"), Path.of("sub"));
        assertThat(get("/link.txt").bodyText()).isEqualTo("open");
        assertThat(get("/dir/inner.txt").bodyText()).isEqualTo("open");
        StaticFileOptions strict =
                StaticFileOptions.builder(root).followSymbolicLinks(false).build();
        try (TestServer server = new TestServer(StaticFiles.of(strict))) {
            assertThat(server.get("/link.txt").status()).isEqualTo(404);
            assertThat(server.get("/dir/inner.txt").status()).isEqualTo(404);
            assertThat(server.get("/open.txt").status()).isEqualTo(200);
        }
    }

    @Test
    void theRootItselfMayBeALink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);
        StaticFileOptions strict =
                StaticFileOptions.builder(link).followSymbolicLinks(false).build();
        try (TestServer server = new TestServer(StaticFiles.of(strict))) {
            assertThat(server.get("/open.txt").bodyText()).isEqualTo("open");
        }
    }

    /** Opening a pipe waits for its other end, for ever. */
    @Test
    void pipesAreNeverOpened() throws Exception {
        Path pipe = root.resolve("pipe");
        try {
            assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
        } catch (IOException e) {
            assumeTrue(false, "There is no mkfifo");
        }
        assertThat(get("/pipe").status()).isEqualTo(404);
    }

    @Test
    void hiddenFilesAreServedWhenAskedFor() throws IOException {
        StaticFileOptions options = StaticFileOptions.builder(root).hiddenFiles(true).build();
        try (TestServer server = new TestServer(StaticFiles.of(options))) {
            assertThat(server.get("/.hidden").status()).isEqualTo(200);
            assertThat(server.get("/sub/.git/config").status()).isEqualTo(200);
            assertThat(server.get("/%2e%2e/secret.txt").status()).isEqualTo(404);
        }
    }

    /** A list shows what can be served, with names that can not become markup or scripts. */
    @Test
    void listsDirectories() throws IOException {
        Files.writeString(root.resolve("<script>alert('x')&.txt"), "0123456789".repeat(200));
        Files.writeString(root.resolve("javascript:alert(1)"), "");
        Files.writeString(root.resolve("a b#c?%41.txt"), "");
        Files.createSymbolicLink(root.resolve("outside"), directory);
        StaticFileOptions options = StaticFileOptions.builder(root).directoryListing(true).build();
        try (TestServer server = new TestServer(StaticFiles.of(options))) {
            Http1Response response = server.get("/");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Content-Type")).containsExactly("text/html; charset=utf-8");
            assertThat(response.header("Content-Security-Policy")).hasSize(1);
            assertThat(response.bodyText())
                    .contains(
                            "<a href=\"%3Cscript%3Ealert(&#39;x&#39;)&amp;.txt\">&lt;script&gt;alert(&#39;x&#39;)&amp;.txt</a>")
                    .contains("2.0 KiB")
                    .contains("<a href=\"javascript%3Aalert(1)\">")
                    .contains("<a href=\"a%20b%23c%3F%2541.txt\">")
                    .contains("<a href=\"sub/\">sub/</a>")
                    .doesNotContain("<script>", "outside", ".hidden", "../");
            assertThat(response.bodyText().indexOf("sub/"))
                    .isLessThan(response.bodyText().indexOf("open.txt"));
            assertThat(server.get("/sub").header("Location")).containsExactly("/sub/");
            assertThat(server.get("/sub/").bodyText())
                    .contains("<a href=\"../\">")
                    .doesNotContain(".git");
            assertThat(server.get("/a%20b%23c%3F%2541.txt").status()).isEqualTo(200);
            assertThat(server.request("HEAD", "/").body()).isEmpty();
        }
    }

    private Http1Response get(String target) throws IOException {
        try (TestServer server = new TestServer(StaticFiles.of(root))) {
            return server.get(target);
        }
    }
}
