package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpResponse;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@link HttpResponse#send} and {@link HttpResponse#sendFile} take. */
@Timeout(30)
class SendTest {

    @TempDir private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("file"), content);
    }

    private static void expectBody(HttpHandler handler, String body) {
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200)
                    .expectHeader("Content-Length", String.valueOf(body.length()))
                    .expectBody(body)
                    .expectNothingYet();
        }
    }

    @Test
    void aPartOfAnArray() {
        expectBody(ctx -> ctx.response().send("hello, world".getBytes(), 7, 5), "world");
    }

    /** "Sets Content-Length when the response has not started and none was set." */
    @Test
    void aPartOfAFile() throws IOException {
        Path file = file("hello, world");
        expectBody(ctx -> ctx.response().sendFile(file, 7, 5), "world");
        expectBody(ctx -> ctx.response().sendFile(file, 12, 0), "");
    }

    /** "When the array has no such part; nothing was sent." */
    @Test
    void whatAnArrayDoesNotHave() {
        byte[] bytes = new byte[3];
        expectBody(
                ctx -> {
                    HttpResponse response = ctx.response();
                    for (int[] part : new int[][] {{-1, 2}, {0, 4}, {2, 2}, {0, -1}}) {
                        assertThatThrownBy(() -> response.send(bytes, part[0], part[1]))
                                .isInstanceOf(IndexOutOfBoundsException.class);
                    }
                    response.send("fine");
                },
                "fine");
    }

    /** "When one is less than zero; nothing was sent." */
    @Test
    void whatNoFileHas() throws IOException {
        Path file = file("hello");
        expectBody(
                ctx -> {
                    HttpResponse response = ctx.response();
                    for (long[] part : new long[][] {{-1, 2}, {0, -1}, {1, Long.MAX_VALUE}}) {
                        assertThatThrownBy(() -> response.sendFile(file, part[0], part[1]))
                                .isInstanceOf(IndexOutOfBoundsException.class)
                                .hasMessageContaining(" at " + part[0])
                                .hasMessageContaining(" length of " + part[1]);
                    }
                    response.send("fine");
                },
                "fine");
    }
}
