package dev.kestrel.internal.http2;

/** The types of frames as they are on the wire (RFC 9113 section 6, RFC 9218 section 7.1). */
final class Http2FrameType {

    static final int DATA = 0x0;
    static final int HEADERS = 0x1;
    static final int PRIORITY = 0x2;
    static final int RST_STREAM = 0x3;
    static final int SETTINGS = 0x4;
    static final int PUSH_PROMISE = 0x5;
    static final int PING = 0x6;
    static final int GOAWAY = 0x7;
    static final int WINDOW_UPDATE = 0x8;
    static final int CONTINUATION = 0x9;
    static final int PRIORITY_UPDATE = 0x10;

    private static final String[] NAMES = {
        "DATA",
        "HEADERS",
        "PRIORITY",
        "RST_STREAM",
        "SETTINGS",
        "PUSH_PROMISE",
        "PING",
        "GOAWAY",
        "WINDOW_UPDATE",
        "CONTINUATION"
    };

    private Http2FrameType() {}

    /** The name of a type, or its number when it has none. */
    static String nameOf(int type) {
        if (type == PRIORITY_UPDATE) {
            return "PRIORITY_UPDATE";
        }
        return type < NAMES.length ? NAMES[type] : "frame type 0x" + Integer.toHexString(type);
    }
}
