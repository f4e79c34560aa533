package dev.kestrel.internal.http2;

/** Why a stream or a connection ends (RFC 9113 section 7). The ordinal is the code on the wire. */
enum Http2ErrorCode {
    NO_ERROR,
    PROTOCOL_ERROR,
    INTERNAL_ERROR,
    FLOW_CONTROL_ERROR,
    SETTINGS_TIMEOUT,
    STREAM_CLOSED,
    FRAME_SIZE_ERROR,
    REFUSED_STREAM,
    CANCEL,
    COMPRESSION_ERROR,
    CONNECT_ERROR,
    ENHANCE_YOUR_CALM,
    INADEQUATE_SECURITY,
    HTTP_1_1_REQUIRED;

    private static final Http2ErrorCode[] ALL = values();

    /** The code on the wire. */
    int code() {
        return ordinal();
    }

    /** The name of a code, or its number when it has none. */
    static String nameOf(long code) {
        return code >= 0 && code < ALL.length
                ? ALL[(int) code].name()
                : "0x" + Long.toHexString(code);
    }
}
