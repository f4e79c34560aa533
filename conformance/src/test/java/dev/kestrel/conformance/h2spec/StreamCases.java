package dev.kestrel.conformance.h2spec;

import static dev.kestrel.conformance.h2spec.H2SpecConnection.priorityFields;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Error.REFUSED_STREAM;
import static dev.kestrel.testkit.Http2Error.STREAM_CLOSED;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.GOAWAY;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.MAX_CONCURRENT_STREAMS;
import static dev.kestrel.testkit.Http2Frames.PING;
import static dev.kestrel.testkit.Http2Frames.WITH_PRIORITY;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.join;

import static org.assertj.core.api.Assertions.assertThat;

/** The rest of section 5: identifiers, how many streams, priorities, errors, extensions. */
final class StreamCases {

    private static final int UNKNOWN_TYPE = 0x16;

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("http2/5.1.1")
                .add(
                        "Sends even-numbered stream identifier",
                        c -> {
                            c.headers(2, true, c.get());
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends stream identifier that is numerically smaller than previous",
                        c -> {
                            c.headers(5, true, c.get());
                            c.headers(3, true, c.get());
                            // The first use of 5 has closed 3: both rules hold, and h2spec takes
                            // any code.
                            c.expect().connectionError(PROTOCOL_ERROR, STREAM_CLOSED);
                        })
                .add(
                        "Sends HEADERS frame with the stream which is in half-closed (remote) state",
                        c -> {
                            c.headers(5, true, c.get());
                            c.headers(5, true, c.get());
                            c.expect().streamError(STREAM_CLOSED);
                        }),
        new H2SpecSection("http2/5.1.2")
                .add(
                        "Sends HEADERS frames that causes their advertised concurrent stream limit"
                                + " to be exceeded",
                        c -> {
                            int most = c.setting(MAX_CONCURRENT_STREAMS, -1);
                            assertThat(most).isPositive();
                            // Keeps the streams open.
                            c.settings(INITIAL_WINDOW_SIZE, 0);
                            for (int i = 0; i <= most; i++) {
                                c.headers(i * 2 + 1, true, c.get());
                            }
                            c.expect().streamError(PROTOCOL_ERROR, REFUSED_STREAM);
                        }),
        new H2SpecSection("http2/5.3.1")
                .add(
                        "Sends HEADERS frame that depends on itself",
                        c -> {
                            byte[] payload = join(priorityFields(1, false, 255), c.get());
                            int flags = END_STREAM | END_HEADERS | WITH_PRIORITY;
                            c.send(frame(HEADERS, flags, 1, payload));
                            c.expect().streamError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends PRIORITY frame that depend on itself",
                        c -> {
                            c.priority(1, 1, false, 255);
                            c.expect().streamError(PROTOCOL_ERROR);
                        }),
        new H2SpecSection("http2/5.4.1")
                .add(
                        "Sends an invalid PING frame for connection close",
                        c -> {
                            c.send(frame(PING, 0, 3, new byte[8]));
                            c.expect().connectionClose();
                        })
                .add(
                        "Sends an invalid PING frame to receive GOAWAY frame",
                        c -> {
                            c.send(frame(PING, 0, 3, new byte[8]));
                            c.expect().event(GOAWAY);
                        }),
        new H2SpecSection("http2/5.5")
                .add(
                        "Sends an unknown extension frame",
                        c -> {
                            c.send(frame(UNKNOWN_TYPE, 0, 0, new byte[8]));
                            c.ping(false, "\0".repeat(8));
                            c.expect().event(PING);
                        })
                .add(
                        "Sends an unknown extension frame in the middle of a header block",
                        c -> {
                            c.openHeaders(1, true, c.get());
                            c.send(frame(UNKNOWN_TYPE, 0, 0, new byte[8]));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
    };

    private StreamCases() {}
}
