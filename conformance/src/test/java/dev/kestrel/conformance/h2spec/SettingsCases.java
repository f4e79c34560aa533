package dev.kestrel.conformance.h2spec;

import static dev.kestrel.testkit.Http2Error.FLOW_CONTROL_ERROR;
import static dev.kestrel.testkit.Http2Error.FRAME_SIZE_ERROR;
import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;
import static dev.kestrel.testkit.Http2Frames.ACK;
import static dev.kestrel.testkit.Http2Frames.ENABLE_PUSH;
import static dev.kestrel.testkit.Http2Frames.INITIAL_WINDOW_SIZE;
import static dev.kestrel.testkit.Http2Frames.MAX_CONCURRENT_STREAMS;
import static dev.kestrel.testkit.Http2Frames.MAX_FRAME_SIZE;
import static dev.kestrel.testkit.Http2Frames.PING;
import static dev.kestrel.testkit.Http2Frames.SETTINGS;
import static dev.kestrel.testkit.Http2Frames.frame;

import dev.kestrel.testkit.Http2Frames;

/** Section 6.5: SETTINGS. */
final class SettingsCases {

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("http2/6.5")
                .add(
                        "Sends a SETTINGS frame with ACK flag and payload",
                        c -> {
                            c.send(frame(SETTINGS, ACK, 0, new byte[1]));
                            c.expect().connectionError(FRAME_SIZE_ERROR);
                        })
                .add(
                        "Sends a SETTINGS frame with 0x1 stream identifier",
                        c -> {
                            byte[] payload = Http2Frames.settings(MAX_CONCURRENT_STREAMS, 100);
                            c.send(frame(SETTINGS, 0, 1, payload));
                            c.expect().connectionError(PROTOCOL_ERROR);
                        })
                .add(
                        "Sends a SETTINGS frame with a length other than a multiple of 6 octets",
                        c -> {
                            c.send(frame(SETTINGS, 0, 0, new byte[] {0, 3, 0}));
                            c.expect().connectionError(FRAME_SIZE_ERROR);
                        }),
        new H2SpecSection("http2/6.5.2")
                .add(
                        "SETTINGS_ENABLE_PUSH (0x2): Sends the value other than 0 or 1",
                        wrong(ENABLE_PUSH, 2, PROTOCOL_ERROR))
                .add(
                        "SETTINGS_INITIAL_WINDOW_SIZE (0x4): Sends the value above the maximum flow"
                                + " control window size",
                        wrong(INITIAL_WINDOW_SIZE, Integer.MIN_VALUE, FLOW_CONTROL_ERROR))
                .add(
                        "SETTINGS_MAX_FRAME_SIZE (0x5): Sends the value below the initial value",
                        wrong(MAX_FRAME_SIZE, 16_383, PROTOCOL_ERROR))
                .add(
                        "SETTINGS_MAX_FRAME_SIZE (0x5): Sends the value above the maximum allowed"
                                + " frame size",
                        wrong(MAX_FRAME_SIZE, 1 << 24, PROTOCOL_ERROR))
                .add(
                        "Sends a SETTINGS frame with unknown identifier",
                        c -> {
                            c.settings(0xFF, 1);
                            c.ping(false, "\0".repeat(8));
                            c.expect().event(PING);
                        }),
        new H2SpecSection("http2/6.5.3")
                .add(
                        "Sends multiple values of SETTINGS_INITIAL_WINDOW_SIZE",
                        c -> {
                            c.settings(INITIAL_WINDOW_SIZE, 100, INITIAL_WINDOW_SIZE, 1);
                            c.expect().event(SETTINGS);
                            c.headers(1, true, c.get());
                            c.expect().data(1);
                        })
                .add(
                        "Sends a SETTINGS frame without ACK flag",
                        c -> {
                            c.settings(ENABLE_PUSH, 0);
                            c.expect().settingsAck();
                        })
    };

    private SettingsCases() {}

    private static H2SpecCase.Exchange wrong(int id, int value, int code) {
        return c -> {
            c.settings(id, value);
            c.expect().connectionError(code);
        };
    }
}
