package dev.kestrel.internal.http3;

/** The types of frames (RFC 9114 section 7.2, RFC 9218 section 7.2). */
final class Http3FrameType {

    static final long DATA = 0x0;
    static final long HEADERS = 0x1;
    static final long CANCEL_PUSH = 0x3;
    static final long SETTINGS = 0x4;
    static final long PUSH_PROMISE = 0x5;
    static final long GOAWAY = 0x7;
    static final long MAX_PUSH_ID = 0xd;
    static final long PRIORITY_UPDATE = 0xf0700;
    static final long PRIORITY_UPDATE_OF_PUSH = 0xf0701;

    private Http3FrameType() {}

    /**
     * Refuses what must not come on a stream of a request behind its HEADERS and DATA; any other
     * type is unknown, and ignored (RFC 9114 section 9).
     */
    static void requireUnknown(long type) throws Http3ConnectionException {
        if (type <= MAX_PUSH_ID ? isKnownOrReserved((int) type) : isPriorityUpdate(type)) {
            throw new Http3ConnectionException(
                    Http3ErrorCode.FRAME_UNEXPECTED,
                    "A frame of type 0x" + Long.toHexString(type) + " came where it must not");
        }
    }

    private static boolean isKnownOrReserved(int type) {
        return switch (type) {
            // 0x2, 0x6, 0x8 and 0x9 were frames of HTTP/2 (RFC 9114 section 7.2.8).
            case 0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, 0xd -> true;
            default -> false;
        };
    }

    private static boolean isPriorityUpdate(long type) {
        return type == PRIORITY_UPDATE || type == PRIORITY_UPDATE_OF_PUSH;
    }
}
