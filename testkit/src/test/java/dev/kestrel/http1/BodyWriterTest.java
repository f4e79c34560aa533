package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;

/** The body of a response as a pipe. */
@Timeout(30)
class BodyWriterTest {

    /** "Writes bytes and sends them together with what was written before." */
    @Test
    void whatProgressWasToldOfArrivesWhileTheHandlerGoesOn() {
        byte[] part = "0123".repeat(20 * 1024).getBytes(US_ASCII);
        CountDownLatch arrived = new CountDownLatch(1);
        HttpHandler handler =
                ctx -> {
                    ctx.response().headers().contentLength(2 + part.length);
                    PipeWriter body = ctx.response().bodyWriter();
                    body.write("> ".getBytes(US_ASCII));
                    long[] taken = {0};
                    body.writeAndFlush(ByteBuffer.wrap(part), count -> taken[0] += count);
                    assertThat(taken[0]).isEqualTo(2 + part.length);
                    arrived.await();
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.expectStatus(200).expectBody("> " + new String(part, US_ASCII));
            arrived.countDown();
        }
    }
}
