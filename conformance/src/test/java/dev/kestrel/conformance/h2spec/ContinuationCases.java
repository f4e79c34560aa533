package dev.kestrel.conformance.h2spec;

import static dev.kestrel.conformance.h2spec.H2SpecConnection.dummies;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.HEADERS;

/** Section 6.10: CONTINUATION. */
final class ContinuationCases {

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("http2/6.10")
                .add(
                        "Sends multiple CONTINUATION frames preceded by a HEADERS frame",
                        c -> {
                            c.openHeaders(1, true, c.get());
                            c.continuation(1, false, dummies(1));
                            c.continuation(1, true, dummies(1));
                            c.expect().event(HEADERS);
                        })
                .add(
                        "Sends a CONTINUATION frame followed by any frame other than CONTINUATION",
                        c -> {
                            c.openHeaders(1, false, c.post());
                            c.continuation(1, false, dummies(1));
                            c.data(1, true, "test");
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a CONTINUATION frame with 0x0 stream identifier",
                        c -> {
                            c.openHeaders(1, true, c.get());
                            c.continuation(0, true, dummies(1));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a CONTINUATION frame preceded by a HEADERS frame with END_HEADERS"
                                + " flag",
                        c -> {
                            c.headers(1, true, c.get());
                            c.continuation(1, true, dummies(1));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a CONTINUATION frame preceded by a CONTINUATION frame with"
                                + " END_HEADERS flag",
                        c -> {
                            c.openHeaders(1, true, c.get());
                            c.continuation(1, true, dummies(1));
                            c.continuation(1, true, dummies(1));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a CONTINUATION frame preceded by a DATA frame",
                        c -> {
                            c.openHeaders(1, false, c.post());
                            c.data(1, true, "test");
                            c.continuation(1, true, dummies(1));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
    };

    private ContinuationCases() {}
}
