package dev.kestrel.conformance.h2spec;

import static dev.kestrel.conformance.h2spec.H2SpecConnection.dummies;
import static dev.kestrel.testkit.Http2Error.COMPRESSION_ERROR;
import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.MAX_FRAME_SIZE;
import static dev.kestrel.testkit.Http2Frames.PING;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.join;
import static dev.kestrel.testkit.Http2Frames.preface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Sections 3 and 4: how a connection starts, and what a frame is. */
final class ConnectionCases {

    private static final int UNKNOWN_TYPE = 0x16;
    private static final int OTHER_FLAGS = 0x16;
    private static final String NOTHING = "\0".repeat(8);

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("http2/3.5")
                .addRaw(
                        "Sends client connection preface",
                        c -> {
                            c.send(preface());
                            c.settings(INITIAL_WINDOW_SIZE, 65_535);
                            assertThat(c.expect().event(SETTINGS).isAck()).isFalse();
                        })
                .addRaw(
                        "Sends invalid connection preface",
                        c -> {
                            c.send(bytes("INVALID CONNECTION PREFACE\r\n\r\n"));
                            invalidPreface(c);
                        }),
        new H2SpecSection("http2/4.1")
                .add(
                        "Sends a frame with unknown type",
                        c -> {
                            c.send(frame(UNKNOWN_TYPE, 0, 0, new byte[8]));
                            c.ping(false, NOTHING);
                            c.expect().event(PING);
                        })
                .add(
                        "Sends a frame with undefined flag",
                        c -> {
                            c.send(frame(PING, OTHER_FLAGS, 0, new byte[8]));
                            c.expect().event(PING);
                        })
                .add(
                        "Sends a frame with reserved field bit",
                        c -> {
                            c.send(frame(PING, OTHER_FLAGS, Integer.MIN_VALUE, new byte[8]));
                            c.expect().event(PING);
                        }),
        new H2SpecSection("http2/4.2")
                .add(
                        "Sends a DATA frame with 2^14 octets in length",
                        c -> {
                            c.headers(1, false, c.post());
                            c.data(1, true, "x".repeat(1 << 14));
                            c.expect().event(HEADERS);
                        })
                .add(
                        "Sends a large size DATA frame that exceeds the SETTINGS_MAX_FRAME_SIZE",
                        c -> {
                            c.headers(1, false, c.post());
                            c.data(1, true, "x".repeat(c.setting(MAX_FRAME_SIZE, 1 << 14) + 1));
                            c.expect().streamError(FRAME_SIZE_ERROR);
                        })
                .add(
                        "Sends a large size HEADERS frame that exceeds the SETTINGS_MAX_FRAME_SIZE",
                        c -> {
                            int fields = c.setting(MAX_FRAME_SIZE, 1 << 14) / 4000 + 1;
                            c.headers(1, true, join(c.get(), dummies(fields)));
                            c.expect().connectionError(FRAME_SIZE_ERROR);
                        }),
        new H2SpecSection("http2/4.3")
                .add(
                        "Sends invalid header block fragment",
                        c -> {
                            c.headers(1, true, new byte[] {0x40});
                            c.expect().connectionError(COMPRESSION_ERROR);
                        })
                .add(
                        "Sends a PRIORITY frame while sending the header blocks",
                        c -> {
                            c.openHeaders(1, false, c.get());
                            c.priority(1, 0, false, 255);
                            c.continuation(1, true, dummies(1));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a HEADERS frame to another stream while sending the header blocks",
                        c -> {
                            c.openHeaders(1, false, c.get());
                            c.headers(3, true, c.get());
                            c.continuation(1, true, dummies(1));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
    };

    private ConnectionCases() {}

    /** Beside HTTP/1.1 this is no HTTP/2 at all, and answered as such before the close. */
    private static void invalidPreface(H2SpecConnection c) throws IOException {
        if (c.scheme().equals("https")) {
            // The protocol was negotiated: whoever does not speak it makes an error in it.
            c.expect().connectionError(PROTOCOL_ERROR);
            return;
        }
        assertThat(c.readRest()).startsWith("HTTP/1.1 400 ");
    }
}
