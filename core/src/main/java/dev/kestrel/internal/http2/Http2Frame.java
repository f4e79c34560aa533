package dev.kestrel.internal.http2;

import dev.kestrel.pipelines.ByteSequence;

/**
 * The frame that the frame loop looks at (RFC 9113 section 4.1). One object serves a connection: it
 * points into the reader's buffer and is valid until the reader advances.
 */
final class Http2Frame {

    /** Length of the header before each payload. */
    static final int HEADER_LENGTH = 9;

    private static final ByteSequence NOTHING = ByteSequence.of();

    private final int maxLength;
    private ByteSequence buffer = NOTHING;
    private long payloadAt;
    private int length;
    private int type;
    private int flags;
    private int streamId;

    private byte[] array = new byte[0];
    private int from;
    private int to;
    private byte[] scratch = new byte[0];

    /**
     * Makes a frame.
     *
     * @param maxLength the longest payload, as our SETTINGS say
     */
    Http2Frame(int maxLength) {
        this.maxLength = maxLength;
    }

    /**
     * Looks for a frame.
     *
     * @param at where in the buffer it begins
     * @return whether it is there as a whole
     * @throws Http2ConnectionException FRAME_SIZE_ERROR, as soon as the header is there
     */
    boolean read(ByteSequence source, long at) throws Http2ConnectionException {
        if (source.length() - at < HEADER_LENGTH) {
            return false;
        }
        if (source.firstLength() >= at + HEADER_LENGTH) {
            readHeader(source.firstArray(), source.firstOffset() + (int) at);
        } else {
            byte[] header = new byte[HEADER_LENGTH];
            source.copyTo(at, header, 0, HEADER_LENGTH);
            readHeader(header, 0);
        }
        if (length > maxLength) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.FRAME_SIZE_ERROR,
                    "A frame has "
                            + length
                            + " bytes, and SETTINGS_MAX_FRAME_SIZE is "
                            + maxLength);
        }
        buffer = source;
        payloadAt = at + HEADER_LENGTH;
        return source.length() - payloadAt >= length;
    }

    private void readHeader(byte[] bytes, int at) {
        length = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
        type = bytes[at + 3] & 0xff;
        flags = bytes[at + 4] & 0xff;
        streamId = readInt(bytes, at + 5) & 0x7fffffff;
    }

    /** Where the next frame begins. */
    long next() {
        return payloadAt + length;
    }

    /** How long the payload is, with padding. */
    int length() {
        return length;
    }

    int type() {
        return type;
    }

    int streamId() {
        return streamId;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Makes the payload readable through {@link #array()}, {@link #from()} and {@link #to()}. */
    void load() {
        if (buffer.firstLength() >= payloadAt + length) {
            array = buffer.firstArray();
            from = buffer.firstOffset() + (int) payloadAt;
        } else {
            if (scratch.length < length) {
                scratch = new byte[Math.max(length, 1024)];
            }
            buffer.copyTo(payloadAt, scratch, 0, length);
            array = scratch;
            from = 0;
        }
        to = from + length;
    }

    /** The array with the loaded payload. */
    byte[] array() {
        return array;
    }

    /** Where what is left of the loaded payload begins. */
    int from() {
        return from;
    }

    /** Where what is left of the loaded payload ends. */
    int to() {
        return to;
    }

    /** A number at an offset of the loaded payload. */
    int intAt(int offset) {
        return readInt(array, from + offset);
    }

    /** A short number at an offset of the loaded payload. */
    int shortAt(int offset) {
        return (array[from + offset] & 0xff) << 8 | array[from + offset + 1] & 0xff;
    }

    /**
     * Takes the padding off the loaded payload (RFC 9113 sections 6.1 and 6.2).
     *
     * @param fixed how many bytes come behind the length of the padding, before what is padded
     */
    void removePadding(int fixed) throws Http2ConnectionException {
        int padding = paddingLength(fixed);
        if (has(Http2Flags.PADDED)) {
            from++;
        }
        to -= padding;
    }

    private int paddingLength(int fixed) throws Http2ConnectionException {
        int prefix = has(Http2Flags.PADDED) ? 1 : 0;
        if (length < prefix + fixed) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.FRAME_SIZE_ERROR,
                    "A "
                            + Http2FrameType.nameOf(type)
                            + " frame is too short for what its flags announce");
        }
        if (prefix == 0) {
            return 0;
        }
        int padding = buffer.get(payloadAt) & 0xff;
        if (padding > length - prefix - fixed) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.PROTOCOL_ERROR,
                    "The padding of a "
                            + Http2FrameType.nameOf(type)
                            + " frame is longer than its payload");
        }
        return padding;
    }

    /** The payload of a DATA frame without its padding. */
    ByteSequence data() throws Http2ConnectionException {
        int padding = paddingLength(0);
        int prefix = has(Http2Flags.PADDED) ? 1 : 0;
        return buffer.slice(payloadAt + prefix, length - prefix - padding);
    }

    /** Skips bytes of the loaded payload that were read. */
    void skip(int count) {
        from += count;
    }

    /** Lets go of the reader's memory. */
    void release() {
        buffer = NOTHING;
        array = NOTHING.firstArray();
        if (scratch.length > 16 * 1024) {
            scratch = NOTHING.firstArray();
        }
    }

    private static int readInt(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }
}
