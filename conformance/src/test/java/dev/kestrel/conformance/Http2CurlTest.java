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

    // What curl exits with.
    private static final int HTTP2_ERROR = 16;
    private static final int HTTP2_STREAM_ERROR = 92;

    private static final String PRIOR_KNOWLEDGE = "--http2-prior-knowledge";
    private static final List<String> OPTIONS =
            List.of("--silent", "--show-error", "--noproxy", "*", "--max-time", "40");

    @TempDir private Path directory;
    private final ClientApplication application = new ClientApplication();
    private ExternalProgram curl;
    private KestrelServer server;
    private String origin;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", PRIOR_KNOWLEDGE));
        command.addAll(OPTIONS);
        curl = new ExternalProgram(directory, "HTTP2", command.toArray(String[]::new));
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

    /**
     * What separates a transfer from one before it that goes to the same server. curl 7.88 fails
     * when it is told of prior knowledge on a connection that it has already, with every server;
     * later ones may open another connection when they are not told.
     */
    private List<String> next() throws IOException, InterruptedException {
        List<String> next = new ArrayList<>(List.of("--next"));
        next.addAll(OPTIONS);
        if (curl.outcome(origin + "/", origin + "/").exitCode() != HTTP2_ERROR) {
            next.add(PRIOR_KNOWLEDGE);
        }
        return next;
    }

    @Test
    void uploadsAndDownloadsShareAConnection() throws Exception {
        List<String> next = next();
        int connections = application.connections();
        Path up = Files.write(directory.resolve("up"), ClientApplication.content(LENGTH));
        List<String> arguments = new ArrayList<>(List.of("--parallel"));
        for (int i = 0; i < TRANSFERS; i++) {
            if (i > 0) {
                arguments.addAll(next);
            }
            arguments.addAll(List.of("-o", file("digest" + i)));
            arguments.addAll(List.of("-T", up.toString(), origin + "/digest"));
            arguments.addAll(next);
            arguments.addAll(List.of("-o", file("down" + i), origin + "/bytes/" + LENGTH));
        }
        curl.run(arguments.toArray(String[]::new));
        String digest = ClientApplication.digestOf(LENGTH);
        for (int i = 0; i < TRANSFERS; i++) {
            assertThat(directory.resolve("digest" + i)).hasContent(digest);
            assertThat(directory.resolve("down" + i)).hasSameBinaryContentAs(up);
        }
        assertThat(application.connections()).isEqualTo(connections + 1);
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

    /**
     * "[A] server MAY request that the client abort transmission of a request without error by
     * sending a RST_STREAM with an error code of NO_ERROR after sending a complete response" (RFC
     * 9113 section 8.1). curl 7.88 does not look at the response when both have come before it
     * sends more; {@link NghttpTest#aResponseBeforeTheUploadIsOver} shows that it was there.
     */
    @Test
    void aResponseBeforeTheUploadIsOver() throws Exception {
        List<String> next = next();
        int connections = application.connections();
        Path up = Files.write(directory.resolve("up"), ClientApplication.content(LENGTH));
        ExternalProgram.Outcome alone =
                curl.outcome("-w", " %{http_code}", "-T", up.toString(), origin + "/refuse");
        if (alone.exitCode() != HTTP2_STREAM_ERROR) {
            assertThat(alone.text()).endsWith("refused 403");
            assertThat(alone.exitCode()).isZero();
        }
        List<String> arguments = new ArrayList<>(List.of("-T", up.toString(), origin + "/refuse"));
        arguments.addAll(next);
        arguments.add(origin + "/after");
        assertThat(curl.run(arguments.toArray(String[]::new))).endsWith("GET /after HTTP/2");
        assertThat(application.connections()).isEqualTo(connections + 2);
        assertThat(server.statistics().applicationErrors()).isZero();
    }

    @Test
    void aResetEndsOneTransfer() throws Exception {
        assertThat(curl.run(HTTP2_STREAM_ERROR, "-o", file("reset"), origin + "/reset"))
                .contains("CANCEL");
        List<String> arguments = new ArrayList<>(List.of("-o", file("reset"), origin + "/reset"));
        arguments.addAll(next());
        arguments.add(origin + "/after");
        int connections = application.connections();
        assertThat(curl.run(arguments.toArray(String[]::new))).endsWith("GET /after HTTP/2");
        assertThat(application.connections()).isEqualTo(connections + 1);
        assertThat(server.statistics().applicationErrors()).isZero();
    }

    @Test
    void headAndPathsAsTheyAre() throws Exception {
        assertThat(curl.run("-I", origin + "/"))
                .startsWith("HTTP/2 200")
                .contains("content-length: " + "HEAD / HTTP/2".length());
        assertThat(curl.run("--path-as-is", origin + "/a/../b/./c")).isEqualTo("GET /b/c HTTP/2");
    }
}
