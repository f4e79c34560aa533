package dev.kestrel.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of HTTP/2 frames (RFC 9113 section 6), right or wrong: nothing is checked. Text becomes
 * one byte a character.
 */
public final class Http2Frames {

    /** A frame type: part of a body. */
    public static final int DATA = 0x0;

    /** A frame type: begins a header block. */
    public static final int HEADERS = 0x1;

    /** A frame type: the priorities of RFC 7540. */
    public static final int PRIORITY = 0x2;

    /** A frame type: ends a stream early. */
    public static final int RST_STREAM = 0x3;

    /** A frame type: settings, or that they were taken. */
    public static final int SETTINGS = 0x4;

    /** A frame type: server push. */
    public static final int PUSH_PROMISE = 0x5;

    /** A frame type: asks whether the other side lives, or says so. */
    public static final int PING = 0x6;

    /** A frame type: ends the connection. */
    public static final int GOAWAY = 0x7;

    /** A frame type: allows more DATA. */
    public static final int WINDOW_UPDATE = 0x8;

    /** A frame type: goes on with a header block. */
    public static final int CONTINUATION = 0x9;

    /** A frame type: the priorities of RFC 9218. */
    public static final int PRIORITY_UPDATE = 0x10;

    /** A flag of DATA and HEADERS. */
    public static final int END_STREAM = 0x1;

    /** A flag of SETTINGS and PING. */
    public static final int ACK = 0x1;

    /** A flag of HEADERS and CONTINUATION. */
    public static final int END_HEADERS = 0x4;

    /** A flag of DATA and HEADERS. */
    public static final int PADDED = 0x8;

    /** A flag of HEADERS. */
    public static final int WITH_PRIORITY = 0x20;

    /** A setting: the size of the peer's HPACK table; 4096 when nothing is said. */
    public static final int HEADER_TABLE_SIZE = 0x1;

    /** A setting: whether a server may push; 1 when nothing is said. */
    public static final int ENABLE_PUSH = 0x2;

    /** A setting: how many streams the peer may have open. */
    public static final int MAX_CONCURRENT_STREAMS = 0x3;

    /** A setting: the window of each stream; 65535 when nothing is said. */
    public static final int INITIAL_WINDOW_SIZE = 0x4;

    /** A setting: the longest payload that the peer may send; 16384 when nothing is said. */
    public static final int MAX_FRAME_SIZE = 0x5;

    /** A setting: how long a list of header fields may be; advice. */
    public static final int MAX_HEADER_LIST_SIZE = 0x6;

    /** A setting: RFC 8441. */
    public static final int ENABLE_CONNECT_PROTOCOL = 0x8;

    /** A setting: RFC 9218. */
    public static final int NO_RFC7540_PRIORITIES = 0x9;

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final String[] TYPES = {
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

    private Http2Frames() {}

    /**
     * What a client sends first.
     *
     * @return 24 bytes
     */
    public static byte[] preface() {
        return PREFACE.clone();
    }

    /**
     * A frame.
     *
     * @param type its type
     * @param flags its flags
     * @param streamId its stream
     * @param payload what follows the nine bytes of its header
     * @return all of it
     */
    public static byte[] frame(int type, int flags, int streamId, byte... payload) {
        return join(frameHeader(payload.length, type, flags, streamId), payload);
    }

    /**
     * The nine bytes before a payload.
     *
     * @param length what it says of the length
     * @param type its type
     * @param flags its flags
     * @param streamId its stream, with the reserved bit
     * @return nine bytes
     */
    public static byte[] frameHeader(int length, int type, int flags, int streamId) {
        return ByteBuffer.allocate(9)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(streamId)
                .array();
    }

    /**
     * The payload of SETTINGS.
     *
     * @param idValuePairs identifiers, each followed by its value
     * @return six bytes a setting
     */
    public static byte[] settings(int... idValuePairs) {
        ByteBuffer payload = ByteBuffer.allocate(idValuePairs.length * 3);
        for (int i = 0; i < idValuePairs.length; i += 2) {
            payload.putShort((short) idValuePairs[i]).putInt(idValuePairs[i + 1]);
        }
        return payload.array();
    }

    /**
     * Numbers of 32 bits.
     *
     * @param values the numbers
     * @return four bytes each
     */
    public static byte[] ints(int... values) {
        ByteBuffer payload = ByteBuffer.allocate(values.length * 4);
        for (int value : values) {
            payload.putInt(value);
        }
        return payload.array();
    }

    /**
     * A header block: each field a literal without indexing, with a literal name, without Huffman
     * coding (RFC 7541 section 6.2.2).
     *
     * @param nameValuePairs names, each followed by its value
     * @return the block
     */
    public static byte[] block(String... nameValuePairs) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < nameValuePairs.length; i += 2) {
            block.write(0);
            string(block, nameValuePairs[i]);
            string(block, nameValuePairs[i + 1]);
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] octets = bytes(text);
        int length = octets.length;
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            length -= 127;
            while (length >= 128) {
                block.write(length % 128 + 128);
                length /= 128;
            }
            block.write(length);
        }
        block.writeBytes(octets);
    }

    /**
     * Bytes one after another.
     *
     * @param parts the parts
     * @return one array
     */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /**
     * Text as bytes.
     *
     * @param text characters up to 255
     * @return one byte a character
     */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * The name of a frame type.
     *
     * @param type as on the wire
     * @return its name, or its number when it has none
     */
    public static String nameOf(int type) {
        if (type == PRIORITY_UPDATE) {
            return "PRIORITY_UPDATE";
        }
        return type < TYPES.length ? TYPES[type] : "type 0x" + Integer.toHexString(type);
    }
}
