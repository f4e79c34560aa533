package dev.kestrel.conformance.h2spec;

import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.GOAWAY;
import static dev.kestrel.testkit.Http2Frames.PING;
import static dev.kestrel.testkit.Http2Frames.frame;

/** Sections 6.7, 6.8 and 7: PING, GOAWAY, and codes that nobody knows. */
final class ControlFrameCases {

    private static final String PING_DATA = "h2spec\0\0";
    private static final int UNKNOWN_CODE = 0xFF;

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("http2/6.7")
                .add(
                        "Sends a PING frame",
                        c -> {
                            c.ping(false, PING_DATA);
                            c.expect().pingAck(PING_DATA);
                        })
                .add(
                        "Sends a PING frame with ACK",
                        c -> {
                            c.ping(true, "invalid\0");
                            c.ping(false, PING_DATA);
                            c.expect().pingAck(PING_DATA);
                        })
                .add(
                        "Sends a PING frame with a stream identifier field value other than 0x0",
                        c -> {
                            c.send(frame(PING, 0, 1, new byte[8]));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a PING frame with a length field value other than 8",
                        c -> {
                            c.send(frame(PING, 0, 0, new byte[6]));
                            c.expect().connectionError(FRAME_SIZE_ERROR);
                        }),
        new H2SpecSection("http2/6.8")
                .add(
                        "Sends a GOAWAY frame with a stream identifier other than 0x0",
                        c -> {
                            c.send(frame(GOAWAY, 0, 1, new byte[8]));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        }),
        new H2SpecSection("http2/7")
                .add(
                        "Sends a GOAWAY frame with unknown error code",
                        c -> {
                            c.goAway(UNKNOWN_CODE, "");
                            c.ping(false, PING_DATA);
                            c.expect().pingAckOrClose(PING_DATA);
                        })
                .add(
                        "Sends a RST_STREAM frame with unknown error code",
                        c -> {
                            c.headers(1, false, c.post());
                            c.reset(1, UNKNOWN_CODE);
                            c.ping(false, PING_DATA);
                            c.expect().pingAck(PING_DATA);
                        })
    };

    private ControlFrameCases() {}
}
