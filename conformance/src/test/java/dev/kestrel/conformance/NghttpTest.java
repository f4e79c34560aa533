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
import java.util.Collections;

/** nghttp and h2load of nghttp2 against a server over sockets; skipped where they are missing. */
@Timeout(60)
class NghttpTest {

    private static final int LENGTH = 300_000;

    @TempDir private Path directory;
    private final ClientApplication application = new ClientApplication();
    private KestrelServer server;
    private String origin;

    @BeforeEach
    void start() throws IOException {
        server =
                KestrelServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .handler(application)
                        .start();
        origin = "http://127.0.0.1:" + server.port();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ExternalProgram nghttp() throws IOException, InterruptedException {
        return new ExternalProgram(directory, "nghttp2", "nghttp", "--timeout=40s");
    }

    /** With the priorities of RFC 7540, padding, CONTINUATION, and a small table of fields. */
    @Test
    void uploadsShareAConnection() throws Exception {
        Path up = Files.write(directory.resolve("up"), ClientApplication.content(LENGTH));
        String seen =
                nghttp().run(
                                "--data=" + up,
                                "--multiply=8",
                                "--padding=100",
                                "--continuation",
                                "--header-table-size=128",
                                "--trailer=x-sent: all",
                                origin + "/digest");
        String digest = ClientApplication.digestOf(LENGTH);
        assertThat(seen).isEqualTo(String.join("", Collections.nCopies(8, digest)));
        assertThat(application.connections()).isEqualTo(1);
    }

    @Test
    void downloadsShareAConnection() throws Exception {
        String seen =
                nghttp().run(
                                "--verbose",
                                "--null-out",
                                "--multiply=20",
                                "--window-bits=14",
                                "--connection-window-bits=15",
                                origin + "/bytes/" + LENGTH);
        assertThat(seen.split("recv \\(stream_id=\\d+\\) :status: 200", -1)).hasSize(21);
        assertThat(seen).doesNotContain("RST_STREAM").doesNotContain("error_code=PROTOCOL");
        assertThat(application.connections()).isEqualTo(1);
    }

    @Test
    void informationalResponsesTrailersAndResets() throws Exception {
        assertThat(nghttp().run("--verbose", "--null-out", origin + "/hints"))
                .contains(":status: 103", ":status: 200");
        assertThat(nghttp().run("--verbose", "--null-out", origin + "/trailers"))
                .contains("x-digest: " + ClientApplication.digestOf(100_000));
        assertThat(nghttp().run("--verbose", "--null-out", origin + "/reset"))
                .contains("recv RST_STREAM", "error_code=CANCEL");
    }

    /**
     * "[A] server MAY request that the client abort transmission of a request without error by
     * sending a RST_STREAM with an error code of NO_ERROR after sending a complete response" (RFC
     * 9113 section 8.1).
     */
    @Test
    void aResponseBeforeTheUploadIsOver() throws Exception {
        Path up = Files.write(directory.resolve("up"), ClientApplication.content(3_000_000));
        assertThat(nghttp().run("--verbose", "--data=" + up, origin + "/refuse"))
                .containsSubsequence(
                        ":status: 403",
                        "recv HEADERS frame",
                        "refused",
                        "recv DATA frame <length=7, flags=0x01",
                        "recv RST_STREAM",
                        "error_code=NO_ERROR");
    }

    /** Many requests at once on several connections, of which none fails. */
    @Test
    void load() throws Exception {
        ExternalProgram h2load = new ExternalProgram(directory, "nghttp2", "h2load");
        String seen = h2load.run("-c8", "-m100", "-n40000", origin + "/hello");
        assertThat(seen).contains("40000 succeeded, 0 failed, 0 errored, 0 timeout");
        Path up = Files.write(directory.resolve("up"), ClientApplication.content(LENGTH));
        seen = h2load.run("-c4", "-m10", "-n200", "--data=" + up, origin + "/digest");
        assertThat(seen).contains("200 succeeded, 0 failed, 0 errored, 0 timeout");
        assertThat(server.statistics().applicationErrors()).isZero();
    }
}
