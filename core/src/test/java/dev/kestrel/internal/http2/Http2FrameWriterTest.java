package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.http2.WriterTesting.Frame;
import dev.kestrel.internal.http2.WriterTesting.Stream;
import dev.kestrel.internal.protocol.Priority;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.PipeOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the writer sends and in which order. Frames are shown as {@code type stream flags length}.
 */
@Timeout(30)
class Http2FrameWriterTest {

    private final WriterTesting testing = new WriterTesting();

    @AfterEach
    void ends() throws Exception {
        testing.stop();
    }

    @Test
    void aSmallResponseGoesOutWhole() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        stream.response().send("hello");

        Frame head = testing.read();
        assertThat(head.toString()).startsWith("HEADERS 1 4 ");
        assertThat(testing.fields(head))
                .containsExactly(
                        ":status: 200",
                        "content-type: text/plain; charset=utf-8",
                        "content-length: 5",
                        "date: " + WriterTesting.DATE,
                        "server: Kestrel");
        assertThat(testing.read().toString()).isEqualTo("DATA 1 1 5");
        assertThat(stream.ends.take()).isTrue();
        assertThat(testing.writer.dataFramesSent()).isEqualTo(1);
    }

    @Test
    void aResponseWithoutBodyIsHeadersWithEndStream() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        stream.response().status(204).complete();

        assertThat(testing.read().flags())
                .isEqualTo(Http2Flags.END_HEADERS | Http2Flags.END_STREAM);
        assertThat(stream.ends.take()).isTrue();
    }

    @Test
    void interimResponsesGoBeforeTheHead() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        HttpHeaders hints = WriterTesting.headers("Link", "</a>", "Connection", "close");
        stream.response().sendInformational(103, hints);
        hints.set("Link", "</changed>");
        assertThat(testing.fields(testing.read())).containsExactly(":status: 103", "link: </a>");

        stream.response().complete();
        assertThat(testing.fields(testing.read())).startsWith(":status: 200");
    }

    @Test
    void fieldsOfTheConnectionAreRemoved() throws Exception {
        testing.start();
        Stream stream = testing.stream(1);
        stream.response()
                .headers()
                .set("Connection", "close")
                .set("Keep-Alive", "timeout=5")
                .set("Proxy-Connection", "close")
                .set("Transfer-Encoding", "chunked")
                .set("Upgrade", "x")
                .set("X-Kept", "yes");
        stream.response().complete();

        assertThat(testing.fields(testing.read()))
                .containsExactly(
                        ":status: 200",
                        "x-kept: yes",
                        "date: " + WriterTesting.DATE,
                        "server: Kestrel");
    }

    @Test
    void fieldsBeyondWhatTheClientTakesAreRefusedBeforeAnythingIsSent() throws Exception {
        testing.writer.peerSettings(16_384, 4096, 200);
        testing.start();
        Stream stream = testing.stream(1);
        stream.response().headers().set("X-Long", "x".repeat(200));
        assertThatThrownBy(() -> stream.response().start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SETTINGS_MAX_HEADER_LIST_SIZE");

        assertThat(stream.response().hasStarted()).isFalse();
        stream.response().clear();
        stream.response().status(500).complete();
        assertThat(testing.fields(testing.read())).startsWith(":status: 500");
    }

    @Test
    void trailersBeyondWhatTheClientTakesAreRefused() throws Exception {
        testing.writer.peerSettings(16_384, 4096, 200);
        testing.start();
        Stream stream = testing.stream(1).head();
        stream.response().trailers().set("X-Long", "x".repeat(200));

        assertThatThrownBy(() -> stream.response().complete())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SETTINGS_MAX_HEADER_LIST_SIZE");
    }

    @Test
    void trailersEndTheStream() throws Exception {
        Stream stream = testing.stream(1);
        stream.response().trailers().set("X-Sum", "1");
        stream.response().send("hello");
        assertThatThrownBy(() -> stream.response().trailers().set("X-Sum", "2"))
                .isInstanceOf(IllegalStateException.class);
        testing.start();

        testing.fields(testing.read());
        assertThat(testing.read().toString()).isEqualTo("DATA 1 0 5");
        Frame trailers = testing.read();
        assertThat(trailers.flags()).isEqualTo(Http2Flags.END_HEADERS | Http2Flags.END_STREAM);
        assertThat(testing.fields(trailers)).containsExactly("x-sum: 1");
        assertThat(stream.ends.take()).isTrue();
    }

    @Test
    void responsesTakeTurnsFrameByFrame() throws Exception {
        Stream first = testing.stream(1).head();
        Stream second = testing.stream(3).head();
        first.body(20_000);
        second.body(20_000);
        testing.start();

        assertThat(dataOf(testing, 4))
                .containsExactly(
                        "DATA 1 0 16384", "DATA 3 0 16384", "DATA 1 0 3616", "DATA 3 0 3616");
    }

    @Test
    void theMoreUrgentResponseGoesFirst() throws Exception {
        Stream first = testing.stream(1).head();
        Stream second = testing.stream(3).head();
        second.output.priority(Priority.of(0, false));
        first.body(20_000);
        second.body(20_000);
        testing.start();

        assertThat(dataOf(testing, 4))
                .containsExactly(
                        "DATA 3 0 16384", "DATA 3 0 3616", "DATA 1 0 16384", "DATA 1 0 3616");
    }

    @Test
    void dataStopsAtTheWindowOfTheStreamAndGoesOnWithIt() throws Exception {
        testing.start();
        Stream stream = testing.stream(1, 10, false).head();
        stream.body(25);
        testing.read();
        assertThat(testing.read().toString()).isEqualTo("DATA 1 0 10");

        assertThat(stream.output.increaseWindow(10)).isTrue();
        assertThat(testing.read().toString()).isEqualTo("DATA 1 0 10");
        assertThat(stream.output.increaseWindow(10)).isTrue();
        assertThat(testing.read().toString()).isEqualTo("DATA 1 0 5");
    }

    /** RFC 9113 section 6.9.2: a sender must track the negative window. */
    @Test
    void aNegativeWindowHasToBecomePositiveFirst() throws Exception {
        testing.start();
        Stream stream = testing.stream(1, 10, false).head();
        stream.body(20);
        assertThat(testing.read(2)).last().isEqualTo("DATA 1 0 10");

        assertThat(stream.output.shiftWindow(-30)).isTrue();
        assertThat(stream.output.increaseWindow(30)).isTrue();
        assertThat(stream.output.increaseWindow(1)).isTrue();
        assertThat(testing.read().toString()).isEqualTo("DATA 1 0 1");
        assertThat(stream.output.shiftWindow(100)).isTrue();
        assertThat(testing.read().toString()).isEqualTo("DATA 1 0 9");
    }

    /**
     * RFC 9113 section 6.5.3: only with the acknowledgement the client knows that its SETTINGS
     * hold; some count DATA that they allow before it as beyond the window.
     */
    @Test
    void dataThatSettingsAllowFollowsTheirAcknowledgement() throws Exception {
        Http2ControlFrames controls = new Http2ControlFrames();
        Http2FrameOutput output =
                new Http2FrameOutput(testing.toClient.writer(), testing.clock, controls, null);
        Http2ResponseFrames frames =
                new Http2ResponseFrames(
                        output,
                        new Http2HeaderFrames(output, testing.services.options()),
                        new OutputWindow(65_535),
                        testing.clock,
                        16_384);
        Stream stream = testing.stream(1, 10, false).head();
        stream.body(5);
        controls.settingsAck();
        assertThat(frames.send(stream.output)).isEqualTo(Http2ResponseFrames.Outcome.AGAIN);
        output.writeControls();
        assertThat(frames.send(stream.output)).isEqualTo(Http2ResponseFrames.Outcome.LATER);
        output.flush();
        assertThat(testing.read().type()).isEqualTo(Http2FrameType.HEADERS);
        assertThat(testing.read(2)).containsExactly("SETTINGS 0 1 0", "DATA 1 0 5");
    }

    /** RFC 9113 section 6.9.1: frames of zero length with END_STREAM may be sent without window. */
    @Test
    void theEndNeedsNoWindow() throws Exception {
        testing.start();
        Stream stream = testing.stream(1, 0, false).head();
        assertThat(testing.read().type()).isEqualTo(Http2FrameType.HEADERS);
        stream.response().complete();

        assertThat(testing.read().toString()).isEqualTo("DATA 1 1 0");
        assertThat(stream.ends.take()).isTrue();
    }

    @Test
    void whatWaitsForTheConnectionGoesOnWithItsWindow() throws Exception {
        testing.start();
        Stream first = testing.stream(1, 100_000, false).head();
        Stream second = testing.stream(3, 100_000, false).head();
        first.response().send(new byte[60_000]);
        long received = 0;
        while (received < 60_000) {
            received += dataLength(testing.read());
        }
        second.response().send(new byte[10_000]);
        while (received < 65_535) {
            received += dataLength(testing.read());
        }
        assertThat(testing.writer.increaseConnectionWindow(4_000)).isTrue();
        assertThat(testing.read().toString()).isEqualTo("DATA 3 0 4000");
        assertThat(testing.writer.increaseConnectionWindow(4_000)).isTrue();
        assertThat(testing.read().toString()).isEqualTo("DATA 3 1 465");
        assertThat(testing.writer.increaseConnectionWindow(Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void framesAreAsLongAsTheClientTakesAndTheOptionsAllow() throws Exception {
        testing.writer.peerSettings(1 << 24, 4096, Long.MAX_VALUE);
        testing.writer.controls().settingsAck();
        testing.stream(1).head().body(30_000);
        testing.start();

        assertThat(testing.read().toString()).isEqualTo("SETTINGS 0 1 0");
        assertThat(dataOf(testing, 2)).containsExactly("DATA 1 0 16384", "DATA 1 0 13616");
    }

    @Test
    void controlFramesAreWhatTheRfcSays() throws Exception {
        Http2ControlFrames controls = testing.writer.controls();
        controls.settings(0x3, 100, 0x6, 0xffff_ffffL);
        controls.settingsAck();
        controls.ping(false, 0x0102_0304_0506_0708L);
        controls.ping(true, 1);
        controls.rstStream(5, 8);
        controls.windowUpdate(0, 1000);
        controls.goAway(Integer.MAX_VALUE, Http2ErrorCode.NO_ERROR);
        assertThat(controls.queuedReplies()).isEqualTo(3);
        testing.start();

        assertThat(testing.read().payload())
                .containsExactly(0, 3, 0, 0, 0, 100, 0, 6, -1, -1, -1, -1);
        assertThat(testing.read(3)).containsExactly("SETTINGS 0 1 0", "PING 0 0 8", "PING 0 1 8");
        assertThat(testing.read().payload()).containsExactly(0, 0, 0, 8);
        assertThat(testing.read().payload()).containsExactly(0, 0, 3, -24);
        assertThat(testing.read().payload()).containsExactly(127, -1, -1, -1, 0, 0, 0, 0);
        testing.stop();
        assertThat(controls.queuedReplies()).isZero();
    }

    /** A long body must not keep the answer to a PING waiting: it goes with the next flush. */
    @Test
    void bigBodiesDoNotStarveControlFrames() throws Exception {
        PipeOptions slow = new PipeOptions(1, 1);
        WriterTesting narrow = new WriterTesting(KestrelServerOptions.builder().build(), slow);
        narrow.writer.increaseConnectionWindow(1 << 20);
        for (int id = 1; id < 12; id += 2) {
            narrow.stream(id).head().body(60_000);
        }
        narrow.start();
        // The writer now waits in its first flush, or will: whatever it holds is at most one.
        narrow.read();
        narrow.writer.controls().ping(true, 7);
        narrow.writer.wake();

        long before = 0;
        for (Frame next = narrow.read(); next.type() != Http2FrameType.PING; next = narrow.read()) {
            before += next.payload().length;
        }
        assertThat(before).isLessThanOrEqualTo(2L * Http2FrameOutput.FLUSH_AT);
        narrow.toClient.reader().complete();
        narrow.stop();
    }

    @Test
    void nothingIsEverBetweenTheFramesOfAHeaderBlock() throws Exception {
        testing.start();
        List<Stream> streams = new ArrayList<>();
        for (int id = 1; id < 40; id += 2) {
            Stream stream = testing.stream(id);
            stream.response().headers().set("X-Long", "~".repeat(50_000));
            stream.response().start();
            streams.add(stream);
            testing.writer.controls().ping(true, id);
            testing.writer.wake();
        }
        int open = 0;
        int heads = 0;
        int pings = 0;
        while (heads < streams.size() || pings < streams.size()) {
            Frame frame = testing.read();
            if (open != 0) {
                assertThat(frame.type()).isEqualTo(Http2FrameType.CONTINUATION);
                assertThat(frame.streamId()).isEqualTo(open);
            }
            if (frame.type() == Http2FrameType.PING) {
                pings++;
            } else {
                open = frame.has(Http2Flags.END_HEADERS) ? 0 : frame.streamId();
                heads += open == 0 ? 1 : 0;
            }
        }
    }

    @Test
    void aFailureOfTheTransportDropsEverything() throws Exception {
        testing.start();
        Stream stream = testing.stream(1).head();
        testing.read();
        testing.toClient.reader().complete(new IOException("the cable is cut"));
        Stream other = testing.stream(3);
        other.response().send("hello");

        assertThat(other.ends.take()).isIn(true, false);
        assertThat(testing.failures.take()).hasMessage("the cable is cut");
        IOException reason = new IOException("over");
        stream.output.drop(reason);
        assertThat(stream.ends.take()).isFalse();
        assertThatThrownBy(() -> stream.response().send("x")).isInstanceOf(IOException.class);
        testing.writer.finish(3, Http2ErrorCode.NO_ERROR);
        testing.writer.awaitFinished();
    }

    @Test
    void theLastFrameIsGoAwayAfterWhatHasEnded() throws Exception {
        Stream ended = testing.stream(1);
        Stream running = testing.stream(3).head();
        ended.response().send("hello");
        running.body(10);
        testing.writer.finish(3, Http2ErrorCode.NO_ERROR);
        testing.start();

        testing.fields(testing.read());
        assertThat(testing.read(2)).containsExactly("DATA 1 1 5", "GOAWAY 0 0 8");
        assertThat(ended.ends.take()).isTrue();
        assertThat(running.ends.take()).isFalse();
        testing.writer.awaitFinished();
        testing.toClient.writer().complete();
        assertThatThrownBy(testing::read).isInstanceOf(IOException.class);
    }

    static long dataLength(Frame frame) {
        return frame.type() == Http2FrameType.DATA ? frame.payload().length : 0;
    }

    /** The next DATA frames; others are passed over. */
    static List<String> dataOf(WriterTesting testing, int count) throws IOException {
        List<String> frames = new ArrayList<>();
        while (frames.size() < count) {
            Frame frame = testing.read();
            if (frame.type() == Http2FrameType.DATA) {
                frames.add(frame.toString());
            }
        }
        return frames;
    }
}
