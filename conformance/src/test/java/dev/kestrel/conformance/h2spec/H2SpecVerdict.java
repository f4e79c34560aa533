package dev.kestrel.conformance.h2spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.testkit.Http2Frames;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.function.Predicate;

/**
 * What the server must do next, by h2spec's rules: frames that say nothing about it are passed
 * over, and a closed connection counts as an error of the connection. In one point this is
 * stricter: a GOAWAY or RST_STREAM with another code fails at once.
 */
final class H2SpecVerdict {

    private final H2SpecConnection connection;

    H2SpecVerdict(H2SpecConnection connection) {
        this.connection = connection;
    }

    /** The TCP connection ends. */
    void connectionClose() throws IOException {
        H2SpecFrame frame = find(seen -> false);
        assertThat(frame).isNull();
    }

    /** GOAWAY with one of these codes, or the end of the TCP connection. */
    void connectionError(int... codes) throws IOException {
        H2SpecFrame frame = find(seen -> seen.type() == Http2Frames.GOAWAY);
        verifyCode(frame, codes);
    }

    /** RST_STREAM or GOAWAY with one of these codes, or the end of the TCP connection. */
    void streamError(int... codes) throws IOException {
        H2SpecFrame frame =
                find(
                        seen ->
                                seen.type() == Http2Frames.RST_STREAM
                                        || seen.type() == Http2Frames.GOAWAY);
        verifyCode(frame, codes);
    }

    private static void verifyCode(@Nullable H2SpecFrame frame, int... codes) {
        if (frame != null) {
            assertThat(codes).as(frame.toString()).contains(frame.errorCode());
        }
    }

    /** The server ends its half of a stream. */
    void streamClose() throws IOException {
        assertThat(find(H2SpecFrame::endsStream)).as("The end of the stream").isNotNull();
    }

    /** HEADERS of a stream. */
    void headers(int streamId) throws IOException {
        assertThat(event(Http2Frames.HEADERS).streamId()).isEqualTo(streamId);
    }

    /** A frame of a type. */
    H2SpecFrame event(int type) throws IOException {
        H2SpecFrame frame = find(seen -> seen.type() == type);
        if (frame == null) {
            throw new AssertionError(
                    "The connection has ended without a frame " + Http2Frames.nameOf(type));
        }
        return frame;
    }

    /** DATA of a length. */
    void data(int length) throws IOException {
        assertThat(event(Http2Frames.DATA).payload()).hasSize(length);
    }

    /** SETTINGS with ACK. */
    void settingsAck() throws IOException {
        assertThat(event(Http2Frames.SETTINGS).isAck()).isTrue();
    }

    /** PING with ACK and these eight bytes. */
    void pingAck(String eightBytes) throws IOException {
        verifyPing(event(Http2Frames.PING), eightBytes);
    }

    /** The same, or the end of the TCP connection. */
    void pingAckOrClose(String eightBytes) throws IOException {
        H2SpecFrame frame = find(seen -> seen.type() == Http2Frames.PING);
        if (frame != null) {
            verifyPing(frame, eightBytes);
        }
    }

    private static void verifyPing(H2SpecFrame ping, String eightBytes) {
        assertThat(ping.isAck()).isTrue();
        assertThat(ping.payload()).isEqualTo(Http2Frames.bytes(eightBytes));
    }

    private @Nullable H2SpecFrame find(Predicate<H2SpecFrame> wanted) throws IOException {
        H2SpecFrame last = null;
        try {
            H2SpecFrame frame = connection.read();
            while (frame != null && !wanted.test(frame)) {
                last = frame;
                frame = connection.read();
            }
            return frame;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("Nothing came any more after " + last, e);
        }
    }
}
