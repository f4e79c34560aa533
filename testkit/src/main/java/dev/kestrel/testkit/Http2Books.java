package dev.kestrel.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The books that a strict client keeps: everything that the server sends is held to RFC 9113, and
 * to what the client has sent before. A breach is an {@link AssertionError} with the section.
 */
final class Http2Books {

    private static final int[] KNOWN_FLAGS = {0x9, 0x2d, 0, 0, 0x1, 0xc, 0x1, 0, 0, 0x4};
    private static final long MAX_WINDOW = Integer.MAX_VALUE;

    private final Http2SettingsBook settings = new Http2SettingsBook();
    private final Map<Integer, Http2StreamBook> streams = new HashMap<>();
    private final List<String> pings = new ArrayList<>();
    private boolean on = true;
    private boolean settingsReceived;
    private int lastStream;
    private long goAwayLast = MAX_WINDOW;
    private long window = 65535;
    private long sendWindow = 65535;
    private long greatestSendWindow = -1;
    private long serverInitialWindow = 65535;

    /** From here on nothing is checked. */
    void close() {
        on = false;
    }

    long maxFrameSize() {
        return on ? settings.greatest(Http2Frames.MAX_FRAME_SIZE, 16384) : 0xFF_FFFF;
    }

    long headerTableSize() {
        return settings.greatest(Http2Frames.HEADER_TABLE_SIZE, 4096);
    }

    void sent(int type, int flags, int streamId, byte[] payload) {
        boolean ack = (flags & Http2Frames.ACK) != 0;
        switch (type) {
            case Http2Frames.HEADERS -> {
                lastStream = Math.max(lastStream, streamId);
                stream(streamId);
            }
            case Http2Frames.SETTINGS -> {
                if (!ack) {
                    settings.sent(payload);
                }
            }
            case Http2Frames.PING -> {
                if (!ack) {
                    pings.add(HexFormat.of().formatHex(payload));
                }
            }
            case Http2Frames.DATA -> {
                sendWindow -= payload.length;
                stream(streamId).sendCredit -= payload.length;
            }
            case Http2Frames.WINDOW_UPDATE -> {
                if (payload.length == 4 && streamId == 0) {
                    window += Http2FrameReader.intAt(payload, 0) & Integer.MAX_VALUE;
                } else if (payload.length == 4) {
                    stream(streamId).credit +=
                            Http2FrameReader.intAt(payload, 0) & Integer.MAX_VALUE;
                }
            }
            default -> {}
        }
    }

    void received(Http2ReceivedFrame frame) {
        if (!on) {
            return;
        }
        int type = frame.type();
        require(type < KNOWN_FLAGS.length, "No unknown frame types", "4.1", frame);
        require(
                (frame.flags() & ~KNOWN_FLAGS[type]) == 0,
                "No undefined flags, not " + Integer.toHexString(frame.flags()),
                "4.1",
                frame);
        require(
                settingsReceived || (type == Http2Frames.SETTINGS && !frame.isAck()),
                "The preface is a SETTINGS frame",
                "3.4",
                frame);
        switch (type) {
            case Http2Frames.SETTINGS -> receivedSettings(frame);
            case Http2Frames.PING -> receivedPing(frame);
            case Http2Frames.GOAWAY -> receivedGoAway(frame);
            case Http2Frames.WINDOW_UPDATE -> receivedWindowUpdate(frame);
            case Http2Frames.HEADERS -> open(frame).receivedHeaders(frame);
            case Http2Frames.DATA -> {
                window -= frame.pieces().getFirst();
                require(
                        frame.pieces().getFirst() == 0 || window >= 0,
                        "DATA within the window of the connection",
                        "6.9.1",
                        frame);
                open(frame)
                        .receivedData(
                                frame, settings.greatest(Http2Frames.INITIAL_WINDOW_SIZE, 65535));
            }
            case Http2Frames.RST_STREAM -> {
                require(frame.length() == 4, "Four bytes", "6.4", frame);
                open(frame).receivedReset(frame);
            }
            default -> require(false, "No such frame from a server", "6", frame);
        }
    }

    private void receivedSettings(Http2ReceivedFrame frame) {
        require(frame.streamId() == 0, "SETTINGS on stream 0", "6.5", frame);
        if (frame.isAck()) {
            require(frame.length() == 0, "No payload with ACK", "6.5", frame);
            require(settings.acknowledged(), "No ACK without SETTINGS", "6.5.3", frame);
            return;
        }
        settingsReceived = true;
        require(frame.length() % 6 == 0, "Six bytes a setting", "6.5", frame);
        List<Integer> values = frame.settings();
        for (int i = 0; i < values.size(); i += 2) {
            int value = values.get(i + 1);
            switch (values.get(i)) {
                case Http2Frames.ENABLE_PUSH ->
                        require(value == 0, "A server does not enable push", "6.5.2", frame);
                case Http2Frames.INITIAL_WINDOW_SIZE -> {
                    require(value >= 0, "A window up to 2^31-1", "6.5.2", frame);
                    serverInitialWindow = value;
                }
                case Http2Frames.MAX_FRAME_SIZE ->
                        require(
                                value >= 16384 && value <= 0xFF_FFFF,
                                "A frame size from 2^14 to 2^24-1",
                                "6.5.2",
                                frame);
                default -> {}
            }
        }
    }

    private void receivedPing(Http2ReceivedFrame frame) {
        require(frame.streamId() == 0, "PING on stream 0", "6.7", frame);
        require(frame.length() == 8, "Eight bytes", "6.7", frame);
        require(
                !frame.isAck() || pings.remove(HexFormat.of().formatHex(frame.payload())),
                "An ACK has the payload of a PING that was sent",
                "6.7",
                frame);
    }

    private void receivedGoAway(Http2ReceivedFrame frame) {
        require(frame.streamId() == 0, "GOAWAY on stream 0", "6.8", frame);
        require(frame.length() >= 8, "Eight bytes or more", "6.8", frame);
        int last = frame.intAt(0);
        require(last >= 0 && last <= goAwayLast, "The last stream does not grow", "6.8", frame);
        goAwayLast = last;
    }

    /** More is refused than RFC 9113 asks for: this server gives back what it got, and no more. */
    private void receivedWindowUpdate(Http2ReceivedFrame frame) {
        require(frame.length() == 4, "Four bytes", "6.9", frame);
        int increment = frame.intAt(0);
        require(increment > 0, "An increment from 1 to 2^31-1", "6.9", frame);
        if (frame.streamId() == 0) {
            sendWindow += increment;
            if (greatestSendWindow < 0) {
                greatestSendWindow = Math.max(65535, sendWindow);
            }
            require(
                    sendWindow <= MAX_WINDOW && sendWindow <= greatestSendWindow,
                    "No more than was sent, to a window of " + greatestSendWindow,
                    "6.9.1",
                    frame);
            return;
        }
        Http2StreamBook stream = open(frame);
        stream.receivedWindowUpdate(frame);
        stream.sendCredit += increment;
        require(stream.sendCredit <= 0, "No more than was sent", "6.9.1", frame);
        require(
                stream.sendCredit + serverInitialWindow <= MAX_WINDOW,
                "A window up to 2^31-1",
                "6.9.1",
                frame);
    }

    private Http2StreamBook open(Http2ReceivedFrame frame) {
        int id = frame.streamId();
        require(id % 2 == 1 && id <= lastStream, "A stream that the client opened", "5.1.1", frame);
        require(
                id <= goAwayLast || frame.type() == Http2Frames.RST_STREAM,
                "Nothing on streams beyond GOAWAY's last",
                "6.8",
                frame);
        return stream(id);
    }

    private Http2StreamBook stream(int id) {
        return streams.computeIfAbsent(id, Http2StreamBook::new);
    }

    static void require(boolean holds, String rule, String section, Object seen) {
        if (!holds) {
            throw new AssertionError(
                    rule + " (RFC 9113 section " + section + "), but the server sent:\n" + seen);
        }
    }
}
