package dev.kestrel.conformance.h2spec;

import static dev.kestrel.conformance.h2spec.H2SpecConnection.dummies;
import static dev.kestrel.testkit.Http2Error.CANCEL;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Error.STREAM_CLOSED;

/** Section 5.1: frames in states that do not allow them. */
final class StreamStateCases {

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("http2/5.1")
                .add(
                        "idle: Sends a DATA frame",
                        c -> {
                            c.data(1, true, "test");
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "idle: Sends a RST_STREAM frame",
                        c -> {
                            c.reset(1, CANCEL);
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "idle: Sends a WINDOW_UPDATE frame",
                        c -> {
                            c.windowUpdate(1, 100);
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "idle: Sends a CONTINUATION frame",
                        c -> {
                            c.continuation(1, true, c.get());
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "half closed (remote): Sends a DATA frame",
                        c -> {
                            c.headers(1, true, c.get());
                            c.data(1, true, "test");
                            c.expect().streamError(STREAM_CLOSED);
                        })
                .add(
                        "half closed (remote): Sends a HEADERS frame",
                        c -> {
                            c.headers(1, true, c.get());
                            c.headers(1, true, c.get());
                            c.expect().streamError(STREAM_CLOSED);
                        })
                .add(
                        "half closed (remote): Sends a CONTINUATION frame",
                        c -> {
                            c.headers(1, true, c.get());
                            c.continuation(1, true, c.get());
                            c.expect().streamError(STREAM_CLOSED, PROTOCOL_ERROR);
                        })
                .add(
                        "closed: Sends a DATA frame after sending RST_STREAM frame",
                        c -> {
                            c.headers(1, false, c.get());
                            c.reset(1, CANCEL);
                            c.data(1, true, "test");
                            c.expect().streamError(STREAM_CLOSED);
                        })
                .add(
                        "closed: Sends a HEADERS frame after sending RST_STREAM frame",
                        c -> {
                            c.headers(1, false, c.get());
                            c.reset(1, CANCEL);
                            c.headers(1, true, c.get());
                            c.expect().streamError(STREAM_CLOSED);
                        })
                .add(
                        "closed: Sends a CONTINUATION frame after sending RST_STREAM frame",
                        c -> {
                            c.headers(1, false, c.get());
                            c.reset(1, CANCEL);
                            c.continuation(1, true, dummies(1));
                            c.expect().streamError(STREAM_CLOSED, PROTOCOL_ERROR);
                        })
                .add(
                        "closed: Sends a DATA frame",
                        c -> {
                            c.headers(1, true, c.get());
                            c.expect().streamClose();
                            c.data(1, true, "test");
                            c.expect().connectionError(STREAM_CLOSED);
                        })
                .add(
                        "closed: Sends a HEADERS frame",
                        c -> {
                            c.headers(1, true, c.get());
                            c.expect().streamClose();
                            c.headers(1, true, c.get());
                            c.expect().connectionError(STREAM_CLOSED);
                        })
                .add(
                        "closed: Sends a CONTINUATION frame",
                        c -> {
                            c.headers(1, true, c.get());
                            c.expect().streamClose();
                            c.continuation(1, true, dummies(1));
                            c.expect().connectionError(STREAM_CLOSED, PROTOCOL_ERROR);
                        })
    };

    private StreamStateCases() {}
}
