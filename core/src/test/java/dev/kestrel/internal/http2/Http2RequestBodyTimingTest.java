package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.pipelines.ByteSequence;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/** How fast the body of a request must come. */
class Http2RequestBodyTimingTest extends RequestBodyTesting {

    @Test
    void aTunnelHasNeitherLimitNorRate() throws Exception {
        begin(-1);
        body.limit(3);
        body.rate(RATE);
        Reader reader = reader();
        data("abc");
        assertThat(reader.outcome()).isEqualTo("abc");
        body.becomeTunnel();
        data("def");
        assertThat(read(3)).isEqualTo("def");
        Reader slow = reader();
        beats(100);
        assertThat(timeouts).isEmpty();
        body.end();
        assertThat(slow.outcome()).isEqualTo("(end)");
    }

    @Test
    void aBodyThatIsTooSlowWhileTheApplicationWaitsIsTold() throws Exception {
        begin(-1);
        body.rate(RATE);
        Reader reader = reader();
        beats(5);
        assertThat(timeouts).isEmpty();
        beats(1);
        assertThat(timeouts).containsExactly(TimeoutReason.READ_DATA_RATE);
        body.fail(new IOException("too slow"));
        assertThat(reader.outcome()).isEqualTo("IOException");
    }

    @Test
    void aBodyThatNobodyWaitsForIsNotTimed() throws IOException {
        begin(-1);
        body.rate(RATE);
        data("x");
        assertThat(read(1)).isEqualTo("x");
        beats(100);
        assertThat(timeouts).isEmpty();
    }

    @Test
    void withoutARateNothingIsTimed() throws Exception {
        begin(-1);
        Reader reader = reader();
        beats(100);
        assertThat(timeouts).isEmpty();
        body.end();
        assertThat(reader.outcome()).isEqualTo("(end)");
    }

    /** 2400 bytes are worth ten seconds, also when they were there before the first wait. */
    @Test
    void bytesBeforeTheFirstWaitCount() throws Exception {
        body.begin(STREAM, 3000, -1);
        body.rate(RATE);
        body.receive(ByteSequence.of(new byte[2400]), 2400);
        assertThat(read(2400)).hasSize(2400);
        Reader reader = reader();
        beats(10);
        assertThat(timeouts).isEmpty();
        beats(1);
        assertThat(timeouts).containsExactly(TimeoutReason.READ_DATA_RATE);
        body.end();
        assertThat(reader.outcome()).isEqualTo("(end)");
    }

    /** Bodies of a connection count together, so one that did not stop would slow the next. */
    @Test
    void howeverABodyEndsItIsNoLongerTimed() throws Exception {
        List<BodyEnd> ends =
                List.of(
                        () -> body.end(),
                        () -> body.fail(new IOException("reset")),
                        () -> {
                            body.end();
                            body.fail(new IOException("reset"));
                        });
        for (BodyEnd end : ends) {
            begin(-1);
            body.rate(RATE);
            Reader reader = reader();
            beats(4);
            end.run();
            assertThat(reader.outcome()).isNotEmpty();
            body.discard();
            beats(1);
            body.recycle();
        }
        // The count is back to nothing: a new body starts with all of its time of grace.
        begin(-1);
        body.rate(RATE);
        Reader reader = reader();
        beats(5);
        assertThat(timeouts).isEmpty();
        beats(1);
        assertThat(timeouts).containsExactly(TimeoutReason.READ_DATA_RATE);
        body.end();
        assertThat(reader.outcome()).isEqualTo("(end)");
    }

    private interface BodyEnd {
        void run() throws IOException;
    }
}
