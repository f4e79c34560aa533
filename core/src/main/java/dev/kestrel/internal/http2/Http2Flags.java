package dev.kestrel.internal.http2;

/** The flags of frames (RFC 9113 section 6). */
final class Http2Flags {

    static final int NONE = 0;
    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int PRIORITY = 0x20;

    private Http2Flags() {}
}
