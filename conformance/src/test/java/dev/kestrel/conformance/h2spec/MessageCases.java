package dev.kestrel.conformance.h2spec;

import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.PUSH_PROMISE;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;

import java.io.IOException;

/** Section 8: requests that are malformed, and push by a client. */
final class MessageCases {

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("http2/8.1")
                .add(
                        "Sends a second HEADERS frame without the END_STREAM flag",
                        c -> {
                            c.headers(1, false, c.post());
                            c.data(1, false, "test");
                            c.headers(1, false, block("x-test", "ok"));
                            c.expect().streamError(PROTOCOL_ERROR);
                        }),
        new H2SpecSection("http2/8.1.2")
                .add(
                        "Sends a HEADERS frame that contains the header field name in uppercase"
                                + " letters",
                        c -> malformed(c, c.get("X-TEST", "ok"))),
        new H2SpecSection("http2/8.1.2.1")
                .add(
                        "Sends a HEADERS frame that contains a unknown pseudo-header field",
                        c -> malformed(c, c.get(":test", "ok")))
                .add(
                        "Sends a HEADERS frame that contains the pseudo-header field defined for"
                                + " response",
                        c -> malformed(c, c.get(":status", "200")))
                .add(
                        "Sends a HEADERS frame that contains a pseudo-header field as trailers",
                        c -> {
                            c.headers(1, false, c.post());
                            c.data(1, false, "test");
                            c.headers(1, true, block(":method", "POST"));
                            c.expect().streamError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a HEADERS frame that contains a pseudo-header field that appears in"
                                + " a header block after a regular header field",
                        c -> malformed(c, join(block("x-test", "ok"), c.get()))),
        new H2SpecSection("http2/8.1.2.2")
                .add(
                        "Sends a HEADERS frame that contains the connection-specific header field",
                        c -> malformed(c, c.get("connection", "keep-alive")))
                .add(
                        "Sends a HEADERS frame that contains the TE header field with any value"
                                + " other than \"trailers\"",
                        c -> malformed(c, c.get("trailers", "test", "te", "trailers, deflate"))),
        new H2SpecSection("http2/8.1.2.3")
                .add(
                        "Sends a HEADERS frame with empty \":path\" pseudo-header field",
                        c -> pseudo(c, ":method", "GET", ":scheme", c.scheme(), ":path", ""))
                .add(
                        "Sends a HEADERS frame that omits \":method\" pseudo-header field",
                        c -> pseudo(c, ":scheme", c.scheme(), ":path", "/"))
                .add(
                        "Sends a HEADERS frame that omits \":scheme\" pseudo-header field",
                        c -> pseudo(c, ":method", "GET", ":path", "/"))
                .add(
                        "Sends a HEADERS frame that omits \":path\" pseudo-header field",
                        c -> pseudo(c, ":method", "GET", ":scheme", c.scheme()))
                .add(
                        "Sends a HEADERS frame with duplicated \":method\" pseudo-header field",
                        c -> malformed(c, c.get(":method", "GET")))
                .add(
                        "Sends a HEADERS frame with duplicated \":scheme\" pseudo-header field",
                        c -> malformed(c, c.get(":scheme", c.scheme())))
                .add(
                        "Sends a HEADERS frame with duplicated \":path\" pseudo-header field",
                        c -> malformed(c, c.get(":path", "/"))),
        new H2SpecSection("http2/8.1.2.6")
                .add(
                        "Sends a HEADERS frame with the \"content-length\" header field which does"
                                + " not equal the DATA frame payload length",
                        c -> {
                            c.headers(1, false, c.post("content-length", "1"));
                            c.data(1, true, "test");
                            c.expect().streamError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a HEADERS frame with the \"content-length\" header field which does"
                                + " not equal the sum of the multiple DATA frames payload length",
                        c -> {
                            c.headers(1, false, c.post("content-length", "1"));
                            c.data(1, false, "test");
                            c.data(1, true, "test");
                            c.expect().streamError(PROTOCOL_ERROR);
                        }),
        new H2SpecSection("http2/8.2")
                .add(
                        "Sends a PUSH_PROMISE frame",
                        c -> {
                            byte[] payload = join(ints(3), c.get());
                            c.send(frame(PUSH_PROMISE, END_HEADERS, 1, payload));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
    };

    private MessageCases() {}

    private static void malformed(H2SpecConnection c, byte[] block) throws IOException {
        c.headers(1, true, block);
        c.expect().streamError(PROTOCOL_ERROR);
    }

    private static void pseudo(H2SpecConnection c, String... fields) throws IOException {
        malformed(c, join(block(fields), block(":authority", c.authority())));
    }
}
