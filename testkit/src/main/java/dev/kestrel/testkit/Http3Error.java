package dev.kestrel.testkit;

import java.util.Map;

/** The error codes of RFC 9114 section 8.1 and RFC 9204 section 6, as they are on the wire. */
public final class Http3Error {

    /** The end in good order. */
    public static final long NO_ERROR = 0x100;

    /** The peer broke the protocol. */
    public static final long GENERAL_PROTOCOL_ERROR = 0x101;

    /** The sender failed. */
    public static final long INTERNAL_ERROR = 0x102;

    /** The peer opened a stream that it may not. */
    public static final long STREAM_CREATION_ERROR = 0x103;

    /** A stream that the connection needs has ended. */
    public static final long CLOSED_CRITICAL_STREAM = 0x104;

    /** A frame that may not come here, or not now. */
    public static final long FRAME_UNEXPECTED = 0x105;

    /** A frame whose layout or length is wrong. */
    public static final long FRAME_ERROR = 0x106;

    /** The peer asks too much. */
    public static final long EXCESSIVE_LOAD = 0x107;

    /** An identifier that was used in a wrong way. */
    public static final long ID_ERROR = 0x108;

    /** Wrong content of SETTINGS. */
    public static final long SETTINGS_ERROR = 0x109;

    /** The control stream does not begin with SETTINGS. */
    public static final long MISSING_SETTINGS = 0x10a;

    /** The request was not begun; it may be tried again. */
    public static final long REQUEST_REJECTED = 0x10b;

    /** The request or its response is not needed any more. */
    public static final long REQUEST_CANCELLED = 0x10c;

    /** The client's stream ended before its request did. */
    public static final long REQUEST_INCOMPLETE = 0x10d;

    /** A message that is malformed. */
    public static final long MESSAGE_ERROR = 0x10e;

    /** The connection that CONNECT made has failed. */
    public static final long CONNECT_ERROR = 0x10f;

    /** The endpoint wants another version of HTTP. */
    public static final long VERSION_FALLBACK = 0x110;

    /** A field section can not be decoded. */
    public static final long QPACK_DECOMPRESSION_FAILED = 0x200;

    /** An instruction of the encoder stream can not be followed. */
    public static final long QPACK_ENCODER_STREAM_ERROR = 0x201;

    /** An instruction of the decoder stream can not be followed. */
    public static final long QPACK_DECODER_STREAM_ERROR = 0x202;

    private static final Map<Long, String> NAMES =
            Map.ofEntries(
                    Map.entry(NO_ERROR, "H3_NO_ERROR"),
                    Map.entry(GENERAL_PROTOCOL_ERROR, "H3_GENERAL_PROTOCOL_ERROR"),
                    Map.entry(INTERNAL_ERROR, "H3_INTERNAL_ERROR"),
                    Map.entry(STREAM_CREATION_ERROR, "H3_STREAM_CREATION_ERROR"),
                    Map.entry(CLOSED_CRITICAL_STREAM, "H3_CLOSED_CRITICAL_STREAM"),
                    Map.entry(FRAME_UNEXPECTED, "H3_FRAME_UNEXPECTED"),
                    Map.entry(FRAME_ERROR, "H3_FRAME_ERROR"),
                    Map.entry(EXCESSIVE_LOAD, "H3_EXCESSIVE_LOAD"),
                    Map.entry(ID_ERROR, "H3_ID_ERROR"),
                    Map.entry(SETTINGS_ERROR, "H3_SETTINGS_ERROR"),
                    Map.entry(MISSING_SETTINGS, "H3_MISSING_SETTINGS"),
                    Map.entry(REQUEST_REJECTED, "H3_REQUEST_REJECTED"),
                    Map.entry(REQUEST_CANCELLED, "H3_REQUEST_CANCELLED"),
                    Map.entry(REQUEST_INCOMPLETE, "H3_REQUEST_INCOMPLETE"),
                    Map.entry(MESSAGE_ERROR, "H3_MESSAGE_ERROR"),
                    Map.entry(CONNECT_ERROR, "H3_CONNECT_ERROR"),
                    Map.entry(VERSION_FALLBACK, "H3_VERSION_FALLBACK"),
                    Map.entry(QPACK_DECOMPRESSION_FAILED, "QPACK_DECOMPRESSION_FAILED"),
                    Map.entry(QPACK_ENCODER_STREAM_ERROR, "QPACK_ENCODER_STREAM_ERROR"),
                    Map.entry(QPACK_DECODER_STREAM_ERROR, "QPACK_DECODER_STREAM_ERROR"));

    private Http3Error() {}

    /**
     * The name of a code.
     *
     * @param code as on the wire
     * @return its name in the RFC, or its number when it has none
     */
    public static String nameOf(long code) {
        return NAMES.getOrDefault(code, "0x" + Long.toHexString(code));
    }
}
