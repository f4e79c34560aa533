package dev.kestrel.conformance.h2spec;

import static dev.kestrel.conformance.h2spec.H2SpecConnection.priorityFields;
import static dev.kestrel.testkit.Http2Error.CANCEL;
import static dev.kestrel.testkit.Http2Error.NO_ERROR;
import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.PADDED;
import static dev.kestrel.testkit.Http2Frames.PING;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.WITH_PRIORITY;
import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.join;
import static dev.kestrel.testkit.Http2Frames.preface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.testkit.Http2Frames;

import java.util.Arrays;

/** What every endpoint accepts: frames and messages. */
final class GenericFrames {

    private static final String PING_DATA = "h2spec\0\0";

    private static final H2SpecSection START =
            new H2SpecSection("generic/1")
                    .addRaw(
                            "Sends a client connection preface",
                            c -> {
                                c.send(preface());
                                c.settings(INITIAL_WINDOW_SIZE, 65_535);
                                H2SpecFrame first = c.read();
                                assertThat(first).isNotNull();
                                assertThat(first.type()).isEqualTo(SETTINGS);
                                assertThat(first.isAck()).isFalse();
                            });

    private static final H2SpecSection STREAMS =
            new H2SpecSection("generic/2")
                    .add(
                            "Sends a PRIORITY frame on idle stream",
                            c -> {
                                c.priority(1, 0, false, 255);
                                c.ping(false, PING_DATA);
                                c.expect().pingAck(PING_DATA);
                            })
                    .add(
                            "Sends a WINDOW_UPDATE frame on half-closed (remote) stream",
                            c -> {
                                c.settings(INITIAL_WINDOW_SIZE, 0);
                                c.headers(1, true, c.get());
                                c.windowUpdate(1, 1);
                                c.expect().event(DATA);
                            })
                    .add(
                            "Sends a PRIORITY frame on half-closed (remote) stream",
                            c -> {
                                c.settings(INITIAL_WINDOW_SIZE, 0);
                                c.headers(1, true, c.get());
                                c.priority(1, 0, false, 255);
                                c.windowUpdate(1, 1);
                                c.expect().event(DATA);
                            })
                    .add(
                            "Sends a RST_STREAM frame on half-closed (remote) stream",
                            c -> {
                                c.headers(1, true, c.get());
                                c.reset(1, CANCEL);
                                c.ping(false, PING_DATA);
                                c.expect().pingAckOrClose(PING_DATA);
                            })
                    .add(
                            "Sends a PRIORITY frame on closed stream",
                            c -> {
                                c.headers(1, true, c.get());
                                c.expect().streamClose();
                                c.priority(1, 0, false, 255);
                                c.ping(false, PING_DATA);
                                c.expect().pingAck(PING_DATA);
                            });

    private static final H2SpecSection DATA_FRAMES =
            new H2SpecSection("generic/3.1")
                    .add(
                            "Sends a DATA frame",
                            c -> {
                                c.headers(1, false, c.post());
                                c.data(1, true, "test");
                                c.expect().headers(1);
                            })
                    .add(
                            "Sends multiple DATA frames",
                            c -> {
                                c.headers(1, false, c.post());
                                c.data(1, false, "test");
                                c.data(1, true, "test");
                                c.expect().headers(1);
                            })
                    .add(
                            "Sends a DATA frame with padding",
                            c -> {
                                c.headers(1, false, c.post());
                                byte[] padded = join(new byte[] {6}, bytes("test"), new byte[6]);
                                c.send(frame(DATA, END_STREAM | PADDED, 1, padded));
                                c.expect().headers(1);
                            });

    private static final H2SpecSection HEADERS_FRAMES =
            new H2SpecSection("generic/3.2")
                    .add(
                            "Sends a HEADERS frame",
                            c -> {
                                c.headers(1, true, c.get());
                                c.expect().headers(1);
                            })
                    .add(
                            "Sends a HEADERS frame with padding",
                            c -> {
                                byte[] padded = join(new byte[] {8}, c.get(), new byte[8]);
                                c.send(
                                        frame(
                                                HEADERS,
                                                END_STREAM | END_HEADERS | PADDED,
                                                1,
                                                padded));
                                c.expect().headers(1);
                            })
                    .add(
                            "Sends a HEADERS frame with priority",
                            c -> {
                                byte[] payload = join(priorityFields(0, false, 255), c.get());
                                int flags = END_STREAM | END_HEADERS | WITH_PRIORITY;
                                c.send(frame(HEADERS, flags, 1, payload));
                                c.expect().headers(1);
                            });

    private static final H2SpecSection PRIORITY_FRAMES =
            new H2SpecSection("generic/3.3")
                    .add("Sends a PRIORITY frame with priority 1", priority(1, 0, false, 0))
                    .add("Sends a PRIORITY frame with priority 256", priority(1, 0, false, 255))
                    .add("Sends a PRIORITY frame with stream dependency", priority(3, 1, false, 0))
                    .add("Sends a PRIORITY frame with exclusive", priority(1, 0, true, 0))
                    .add(
                            "Sends a PRIORITY frame for an idle stream, then send a HEADER frame"
                                    + " for a lower stream ID",
                            priority(3, 0, false, 255));

    private static H2SpecCase.Exchange priority(
            int streamId, int dependency, boolean exclusive, int weight) {
        return c -> {
            c.priority(streamId, dependency, exclusive, weight);
            c.headers(1, true, c.get());
            c.expect().headers(1);
        };
    }

    private static final H2SpecSection RESETS =
            new H2SpecSection("generic/3.4")
                    .add(
                            "Sends a RST_STREAM frame",
                            c -> {
                                c.headers(1, false, c.get());
                                c.reset(1, CANCEL);
                                c.ping(false, PING_DATA);
                                c.expect().pingAckOrClose(PING_DATA);
                            });

    private static final H2SpecSection SETTINGS_FRAMES =
            new H2SpecSection("generic/3.5")
                    .add(
                            "Sends a SETTINGS frame",
                            c -> {
                                c.send(
                                        frame(
                                                SETTINGS,
                                                0,
                                                0,
                                                Http2Frames.settings(
                                                        1, 4096, 2, 1, 3, 100, 4, 65_535, 5, 16_384,
                                                        6, 100)));
                                c.expect().settingsAck();
                            });

    private static final H2SpecSection PINGS =
            new H2SpecSection("generic/3.7")
                    .add(
                            "Sends a PING frame",
                            c -> {
                                c.ping(false, PING_DATA);
                                c.expect().pingAck(PING_DATA);
                            });

    private static final H2SpecSection GOAWAYS =
            new H2SpecSection("generic/3.8")
                    .add(
                            "Sends a GOAWAY frame",
                            c -> {
                                c.goAway(NO_ERROR, "h2spec");
                                c.ping(false, PING_DATA);
                                c.expect().pingAckOrClose(PING_DATA);
                            });

    private static final H2SpecSection WINDOW_UPDATES =
            new H2SpecSection("generic/3.9")
                    .add(
                            "Sends a WINDOW_UPDATE frame with stream ID 0",
                            c -> {
                                c.windowUpdate(0, 1);
                                c.ping(false, PING_DATA);
                                c.expect().event(PING);
                            })
                    .add(
                            "Sends a WINDOW_UPDATE frame with stream ID 1",
                            c -> {
                                c.headers(1, true, c.get());
                                c.windowUpdate(1, 1);
                                c.expect().event(HEADERS);
                            });

    private static final H2SpecSection CONTINUATIONS =
            new H2SpecSection("generic/3.10")
                    .add(
                            "Sends a CONTINUATION frame",
                            c -> {
                                byte[] block = c.get();
                                c.openHeaders(1, true, Arrays.copyOf(block, 5));
                                c.continuation(1, true, tail(block, 5));
                                c.expect().headers(1);
                            })
                    .add(
                            "Sends multiple CONTINUATION frames",
                            c -> {
                                byte[] block = c.get();
                                c.openHeaders(1, true, Arrays.copyOf(block, 5));
                                c.continuation(1, false, Arrays.copyOfRange(block, 5, 10));
                                c.continuation(1, true, tail(block, 10));
                                c.expect().headers(1);
                            });

    private static byte[] tail(byte[] block, int from) {
        return Arrays.copyOfRange(block, from, block.length);
    }

    private static final H2SpecSection MESSAGES =
            new H2SpecSection("generic/4")
                    .add(
                            "Sends a GET request",
                            c -> {
                                c.headers(1, true, c.get());
                                c.expect().headers(1);
                            })
                    .add(
                            "Sends a HEAD request",
                            c -> {
                                c.headers(1, true, c.request("HEAD"));
                                c.expect().headers(1);
                            })
                    .add(
                            "Sends a POST request",
                            c -> {
                                c.headers(1, false, c.post());
                                c.data(1, true, "test");
                                c.expect().headers(1);
                            })
                    .add(
                            "Sends a POST request with trailers",
                            c -> {
                                c.headers(1, false, c.post("trailer", "x-test"));
                                c.data(1, false, "test");
                                c.headers(1, true, Http2Frames.block("x-test", "ok"));
                                c.expect().headers(1);
                            });

    static final H2SpecSection[] SECTIONS = {
        START,
        STREAMS,
        DATA_FRAMES,
        HEADERS_FRAMES,
        PRIORITY_FRAMES,
        RESETS,
        SETTINGS_FRAMES,
        PINGS,
        GOAWAYS,
        WINDOW_UPDATES,
        CONTINUATIONS,
        MESSAGES
    };

    private GenericFrames() {}
}
