package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.CANCEL;
import static dev.kestrel.testkit.Http2Error.NO_ERROR;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpResetFeature;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The objects of a stream serve another one later (ARCHITECTURE.md, Ownership): what an application
 * keeps beyond its request must not reach into that.
 */
@Timeout(30)
class StreamIsolationTest {

    /** The response may be there before its thread has let go of the stream. */
    private static void awaitRest(Http2Conversation client) {
        client.advance(Duration.ofSeconds(1)).roundTrip();
    }

    /** "pipes and streams of a body: kept ones throw". */
    @Test
    void streamsThatAreKeptDoNotReachTheNextRequest() {
        List<InputStream> input = new ArrayList<>();
        List<PipeReader> reader = new ArrayList<>();
        List<OutputStream> output = new ArrayList<>();
        List<PipeWriter> writer = new ArrayList<>();
        HttpHandler handler =
                ctx -> {
                    if (input.isEmpty()) {
                        input.add(ctx.request().inputStream());
                        reader.add(ctx.request().bodyReader());
                        output.add(ctx.response().outputStream());
                        writer.add(ctx.response().bodyWriter());
                        return;
                    }
                    assertThatThrownBy(() -> input.getFirst().read())
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> reader.getFirst().read())
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> output.getFirst().write('x'))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> output.getFirst().flush())
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> writer.getFirst().write('x'))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> writer.getFirst().flush())
                            .isInstanceOf(IllegalStateException.class);
                    output.getFirst().close();
                    writer.getFirst().complete();
                    ctx.response().send(ctx.request().bodyText());
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200).complete();
            awaitRest(client);
            client.post(3, "/").data(3, true, "two").expectResponse(3).status(200).body("two");
            client.expectNothingYet();
        }
    }

    @Test
    void aResetThatIsKeptDoesNotReachTheNextRequest() {
        List<HttpResetFeature> kept = new ArrayList<>();
        HttpHandler handler =
                ctx -> {
                    kept.add(ctx.features().get(HttpResetFeature.class));
                    kept.getFirst().reset(CANCEL);
                    ctx.response().send("two");
                };
        HttpHandler first = ctx -> kept.add(ctx.features().get(HttpResetFeature.class));
        try (TestServer server =
                TestServer.startHttp2(ctx -> (kept.isEmpty() ? first : handler).handle(ctx))) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200).complete();
            awaitRest(client);
            client.get(3, "/").expectResponse(3).status(200).body("two");
            client.expectNothingYet();
        }
    }

    /** The same for a tunnel. */
    @Test
    void aTunnelThatIsKeptDoesNotReachTheNextRequest() {
        List<PipeReader> reader = new ArrayList<>();
        List<PipeWriter> writer = new ArrayList<>();
        HttpHandler handler =
                ctx -> {
                    if (reader.isEmpty()) {
                        var pipe =
                                Objects.requireNonNull(ctx.features().get(HttpConnectFeature.class))
                                        .accept();
                        reader.add(pipe.input());
                        writer.add(pipe.output());
                        return;
                    }
                    assertThatThrownBy(() -> reader.getFirst().read())
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> writer.getFirst().write('x'))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> writer.getFirst().flush())
                            .isInstanceOf(IllegalStateException.class);
                    writer.getFirst().complete();
                    ctx.response().send(ctx.request().bodyText());
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, ":method", "CONNECT", ":authority", "example.org:443");
            client.expectHeaders(1).status(200);
            client.expectEndStream(1);
            awaitRest(client);
            client.post(3, "/").data(3, true, "two").expectResponse(3).status(200).body("two");
            client.expectNothingYet();
        }
    }

    /** The signal is that of a request: "Fires when the client has gone [...] while it runs". */
    @Test
    @Tag("half-close")
    void aResetBehindTheRequestIsNotToldToIt() {
        AtomicInteger aborted = new AtomicInteger();
        HttpHandler handler = ctx -> ctx.aborted().onFired(aborted::incrementAndGet);
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.expectResponse(1).status(200).complete();
            client.expectReset(1, NO_ERROR);
            client.rstStream(1, CANCEL).roundTrip();
            client.post(3, "/").expectResponse(3).status(200).complete();
            client.expectReset(3, NO_ERROR);
            client.finish().expectGoAway(3, NO_ERROR).expectClosed();
            client.awaitServerIdle();
        }
        assertThat(aborted).hasValue(0);
    }

    /** "A client that goes away is not an error in the log", and the request ends all the same. */
    @Test
    void aTunnelWhoseClientHasGoneEndsInGoodOrder() throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        CountDownLatch completed = new CountDownLatch(1);
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        HttpHandler handler =
                ctx -> {
                    ctx.response().onCompleted(completed::countDown);
                    ctx.aborted().onFired(() -> gone.complete(true));
                    PipeWriter out =
                            Objects.requireNonNull(ctx.features().get(HttpConnectFeature.class))
                                    .accept()
                                    .output();
                    accepted.countDown();
                    gone.get();
                    out.write('x');
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, ":method", "CONNECT", ":authority", "example.org:443");
            client.expectHeaders(1).status(200);
            accepted.await();
            client.rstStream(1, CANCEL);
            completed.await();
            client.expectNothingYet();
            assertThat(server.log().unexpected()).isEmpty();
        }
    }
}
