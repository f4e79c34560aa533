package dev.kestrel.internal.http3;

/** Why a stream or a connection ends (RFC 9114 section 8.1). */
final class Http3ErrorCode {

    static final long NO_ERROR = 0x100;
    static final long GENERAL_PROTOCOL_ERROR = 0x101;
    static final long INTERNAL_ERROR = 0x102;
    static final long STREAM_CREATION_ERROR = 0x103;
    static final long CLOSED_CRITICAL_STREAM = 0x104;
    static final long FRAME_UNEXPECTED = 0x105;
    static final long FRAME_ERROR = 0x106;
    static final long EXCESSIVE_LOAD = 0x107;
    static final long ID_ERROR = 0x108;
    static final long SETTINGS_ERROR = 0x109;
    static final long MISSING_SETTINGS = 0x10a;
    static final long REQUEST_REJECTED = 0x10b;
    static final long REQUEST_CANCELLED = 0x10c;
    static final long REQUEST_INCOMPLETE = 0x10d;
    static final long MESSAGE_ERROR = 0x10e;

    private static final String[] NAMES = {
        "H3_NO_ERROR",
        "H3_GENERAL_PROTOCOL_ERROR",
        "H3_INTERNAL_ERROR",
        "H3_STREAM_CREATION_ERROR",
        "H3_CLOSED_CRITICAL_STREAM",
        "H3_FRAME_UNEXPECTED",
        "H3_FRAME_ERROR",
        "H3_EXCESSIVE_LOAD",
        "H3_ID_ERROR",
        "H3_SETTINGS_ERROR",
        "H3_MISSING_SETTINGS",
        "H3_REQUEST_REJECTED",
        "H3_REQUEST_CANCELLED",
        "H3_REQUEST_INCOMPLETE",
        "H3_MESSAGE_ERROR",
        "H3_CONNECT_ERROR",
        "H3_VERSION_FALLBACK"
    };

    private Http3ErrorCode() {}

    /** The name of a code, or its number when it has none here. */
    static String nameOf(long code) {
        return code >= NO_ERROR && code < NO_ERROR + NAMES.length
                ? NAMES[(int) (code - NO_ERROR)]
                : "0x" + Long.toHexString(code);
    }
}
