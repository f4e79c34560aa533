package dev.kestrel.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.options.Http2LimitsBuilder;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.Http2ReceivedFrame;
import dev.kestrel.testkit.TestServer;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What tests of attacks share. */
final class Http2Attack {

    /** No limit, for those limits that are an {@code int}. */
    static final int UNLIMITED = (int) KestrelServerLimits.UNLIMITED;

    static final Duration SECOND = Duration.ofSeconds(1);

    private Http2Attack() {}

    /** An application that waits until the test lets it go, and counts how often it was called. */
    static final class HeldApplication implements HttpHandler, AutoCloseable {
        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicInteger called = new AtomicInteger();

        @Override
        public void handle(HttpContext context) throws Exception {
            called.incrementAndGet();
            open.await();
            context.response().send("done");
        }

        /** How often it was called. */
        int called() {
            return called.get();
        }

        /** Lets all go, now and later. */
        void open() {
            open.countDown();
        }

        @Override
        public void close() {
            open();
        }
    }

    /** A server with other HTTP/2 limits. */
    static TestServer server(Consumer<Http2LimitsBuilder> change, HttpHandler handler) {
        Http2LimitsBuilder limits = Http2Limits.builder();
        change.accept(limits);
        return TestServer.http2().limits(l -> l.http2(limits.build())).start(handler);
    }

    /** The same bytes over and over. */
    static byte[] times(int count, byte... bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    /**
     * Reads until the server says GOAWAY with this code and ends the connection.
     *
     * @return how many frames came before
     */
    static int expectGoAway(Http2Conversation client, int code) {
        int frames = 0;
        Http2ReceivedFrame frame = client.nextFrame();
        while (frame.type() != Http2Frames.GOAWAY) {
            frames++;
            frame = client.nextFrame();
        }
        assertThat(Http2Error.nameOf(frame.intAt(4))).isEqualTo(Http2Error.nameOf(code));
        client.expectGone();
        return frames;
    }

    /** The same with ENHANCE_YOUR_CALM, and the server has counted what refused the client. */
    static int expectRefused(TestServer server, Http2Conversation client, String guard) {
        int frames = expectGoAway(client, Http2Error.ENHANCE_YOUR_CALM);
        assertThat(rejections(server, guard)).isPositive();
        return frames;
    }

    /** How often a guard of the server refused something. */
    static long rejections(TestServer server, String guard) {
        return Objects.requireNonNull(
                server.server().statistics().guardRejections().get(guard), guard);
    }

    /** The connection still serves requests. */
    static void expectServed(Http2Conversation client, int streamId) {
        client.get(streamId, "/").expectResponse(streamId).status(200).complete();
    }

    /**
     * Beats until the server has ended the connection.
     *
     * @param most how many beats may pass
     * @return how many did
     */
    static int beatsUntilEnded(TestServer server, Http2Conversation client, int most) {
        for (int beats = 1; beats <= most; beats++) {
            client.advance(SECOND).awaitServerIdle();
            if (client.connection().isEndedByServer()) {
                return beats;
            }
        }
        throw new AssertionError("The server keeps the connection after " + most + " s");
    }
}
