package dev.kestrel.conformance.h2spec;

import static dev.kestrel.testkit.Http2Error.FLOW_CONTROL_ERROR;
import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.GOAWAY;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.RST_STREAM;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.WINDOW_UPDATE;
import static dev.kestrel.testkit.Http2Frames.frame;

import static org.assertj.core.api.Assertions.assertThat;

/** Section 6.9: WINDOW_UPDATE. */
final class WindowCases {

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("http2/6.9")
                .add(
                        "Sends a WINDOW_UPDATE frame with a flow control window increment of 0",
                        c -> {
                            c.windowUpdate(0, 0);
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a WINDOW_UPDATE frame with a flow control window increment of 0 on a"
                                + " stream",
                        c -> {
                            c.headers(1, false, c.get());
                            c.windowUpdate(1, 0);
                            c.expect().streamError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a WINDOW_UPDATE frame with a length other than 4 octets",
                        c -> {
                            c.send(frame(WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 1}));
                            c.expect().connectionError(FRAME_SIZE_ERROR);
                        }),
        new H2SpecSection("http2/6.9.1")
                .add(
                        "Sends SETTINGS frame to set the initial window size to 1 and sends HEADERS"
                                + " frame",
                        c -> {
                            c.settings(INITIAL_WINDOW_SIZE, 1);
                            c.expect().event(SETTINGS);
                            c.headers(1, true, c.get());
                            c.expect().data(1);
                        })
                .add(
                        "Sends multiple WINDOW_UPDATE frames increasing the flow control window to"
                                + " above 2^31-1",
                        c -> {
                            c.windowUpdate(0, Integer.MAX_VALUE);
                            c.windowUpdate(0, Integer.MAX_VALUE);
                            assertThat(c.expect().event(GOAWAY).errorCode())
                                    .isEqualTo(FLOW_CONTROL_ERROR);
                        })
                .add(
                        "Sends multiple WINDOW_UPDATE frames increasing the flow control window to"
                                + " above 2^31-1 on a stream",
                        c -> {
                            c.headers(1, false, c.get());
                            c.windowUpdate(1, Integer.MAX_VALUE);
                            c.windowUpdate(1, Integer.MAX_VALUE);
                            H2SpecFrame reset = c.expect().event(RST_STREAM);
                            assertThat(reset.streamId()).isEqualTo(1);
                            assertThat(reset.errorCode()).isEqualTo(FLOW_CONTROL_ERROR);
                        }),
        new H2SpecSection("http2/6.9.2")
                .add(
                        "Changes SETTINGS_INITIAL_WINDOW_SIZE after sending HEADERS frame",
                        c -> {
                            c.settings(INITIAL_WINDOW_SIZE, 0);
                            c.expect().event(SETTINGS);
                            c.headers(1, true, c.get());
                            c.settings(INITIAL_WINDOW_SIZE, 1);
                            c.expect().event(SETTINGS);
                            c.expect().data(1);
                        })
                .add(
                        "Sends a SETTINGS frame for window size to be negative",
                        c -> {
                            c.settings(INITIAL_WINDOW_SIZE, 3);
                            c.expect().event(SETTINGS);
                            c.headers(1, true, c.get());
                            c.expect().event(DATA);
                            c.settings(INITIAL_WINDOW_SIZE, 2);
                            c.expect().event(SETTINGS);
                            c.windowUpdate(1, 2);
                            c.expect().data(1);
                        })
                .add(
                        "Sends a SETTINGS_INITIAL_WINDOW_SIZE settings with an exceeded maximum"
                                + " window size value",
                        c -> {
                            c.settings(INITIAL_WINDOW_SIZE, Integer.MIN_VALUE);
                            c.expect().connectionError(FLOW_CONTROL_ERROR);
                        })
    };

    private WindowCases() {}
}
