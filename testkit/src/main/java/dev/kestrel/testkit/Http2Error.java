package dev.kestrel.testkit;

/** The error codes of RFC 9113 section 7, as they are on the wire. */
public final class Http2Error {

    /** The end in good order. */
    public static final int NO_ERROR = 0x0;

    /** The peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 0x1;

    /** The sender failed. */
    public static final int INTERNAL_ERROR = 0x2;

    /** The peer sent more than it may. */
    public static final int FLOW_CONTROL_ERROR = 0x3;

    /** The peer did not acknowledge SETTINGS. */
    public static final int SETTINGS_TIMEOUT = 0x4;

    /** A frame for a stream that has ended. */
    public static final int STREAM_CLOSED = 0x5;

    /** A frame whose length is wrong. */
    public static final int FRAME_SIZE_ERROR = 0x6;

    /** The stream was not begun; it may be tried again. */
    public static final int REFUSED_STREAM = 0x7;

    /** The stream is not needed any more. */
    public static final int CANCEL = 0x8;

    /** The header compression is out of step. */
    public static final int COMPRESSION_ERROR = 0x9;

    /** The connection that CONNECT made has failed. */
    public static final int CONNECT_ERROR = 0xa;

    /** The peer asks too much. */
    public static final int ENHANCE_YOUR_CALM = 0xb;

    /** The transport is not safe enough. */
    public static final int INADEQUATE_SECURITY = 0xc;

    /** The endpoint wants HTTP/1.1. */
    public static final int HTTP_1_1_REQUIRED = 0xd;

    private static final String[] NAMES = {
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED"
    };

    private Http2Error() {}

    /**
     * The name of a code.
     *
     * @param code as on the wire
     * @return its name in RFC 9113, or its number when it has none
     */
    public static String nameOf(int code) {
        return code >= 0 && code < NAMES.length ? NAMES[code] : "0x" + Integer.toHexString(code);
    }
}
