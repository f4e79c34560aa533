package dev.kestrel.conformance.h2spec;

import static dev.kestrel.conformance.h2spec.H2SpecConnection.dummies;
import static dev.kestrel.testkit.Http2Error.CANCEL;
import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Error.STREAM_CLOSED;
import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.PADDED;
import static dev.kestrel.testkit.Http2Frames.PRIORITY;
import static dev.kestrel.testkit.Http2Frames.RST_STREAM;
import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.join;

/** Sections 6.1 to 6.4: DATA, HEADERS, PRIORITY, RST_STREAM. */
final class FrameCases {

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("http2/6.1")
                .add(
                        "Sends a DATA frame with 0x0 stream identifier",
                        c -> {
                            c.data(0, true, "test");
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a DATA frame on the stream that is not in \"open\" or \"half-closed"
                                + " (local)\" state",
                        c -> {
                            c.headers(1, true, c.post());
                            c.data(1, true, "test");
                            c.expect().streamError(STREAM_CLOSED);
                        })
                .add(
                        "Sends a DATA frame with invalid pad length",
                        c -> {
                            c.headers(1, false, c.post("content-length", "4"));
                            byte[] payload = join(new byte[] {6}, bytes("test"));
                            c.send(frame(DATA, END_STREAM | PADDED, 1, payload));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        }),
        new H2SpecSection("http2/6.2")
                .add(
                        "Sends a HEADERS frame without the END_HEADERS flag, and a PRIORITY frame",
                        c -> {
                            c.openHeaders(1, false, c.get());
                            c.priority(1, 0, false, 255);
                            c.continuation(1, true, dummies(1));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a HEADERS frame to another stream while sending a HEADERS frame",
                        c -> {
                            c.openHeaders(1, false, c.get());
                            c.headers(3, true, c.get());
                            c.continuation(1, true, dummies(1));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a HEADERS frame with 0x0 stream identifier",
                        c -> {
                            c.headers(0, true, c.get());
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a HEADERS frame with invalid pad length",
                        c -> {
                            byte[] block = c.get();
                            byte[] payload = join(new byte[] {(byte) (block.length + 2)}, block);
                            int flags = END_STREAM | END_HEADERS | PADDED;
                            c.send(frame(HEADERS, flags, 1, payload));
                            c.expect().streamError(PROTOCOL_ERROR);
                        }),
        new H2SpecSection("http2/6.3")
                .add(
                        "Sends a PRIORITY frame with 0x0 stream identifier",
                        c -> {
                            c.priority(0, 0, false, 255);
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a PRIORITY frame with a length other than 5 octets",
                        c -> {
                            c.headers(1, true, c.get());
                            c.send(frame(PRIORITY, 0, 1, new byte[] {(byte) 0x80, 0, 0, 1}));
                            c.expect().streamError(FRAME_SIZE_ERROR);
                        }),
        new H2SpecSection("http2/6.4")
                .add(
                        "Sends a RST_STREAM frame with 0x0 stream identifier",
                        c -> {
                            c.reset(0, CANCEL);
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a RST_STREAM frame on a idle stream",
                        c -> {
                            c.reset(1, CANCEL);
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a RST_STREAM frame with a length other than 4 octets",
                        c -> {
                            c.headers(1, true, c.get());
                            c.send(frame(RST_STREAM, 0, 1, new byte[3]));
                            c.expect().streamError(FRAME_SIZE_ERROR);
                        })
    };

    private FrameCases() {}
}
