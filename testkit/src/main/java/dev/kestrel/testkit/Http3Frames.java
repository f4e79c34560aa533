package dev.kestrel.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Bytes of HTTP/3: frames (RFC 9114 section 7.2), stream types, settings, field sections. */
public final class Http3Frames {

    /** The type of DATA. */
    public static final long DATA = 0x0;

    /** The type of HEADERS. */
    public static final long HEADERS = 0x1;

    /** The type of CANCEL_PUSH. */
    public static final long CANCEL_PUSH = 0x3;

    /** The type of SETTINGS. */
    public static final long SETTINGS = 0x4;

    /** The type of PUSH_PROMISE. */
    public static final long PUSH_PROMISE = 0x5;

    /** The type of GOAWAY. */
    public static final long GOAWAY = 0x7;

    /** The type of MAX_PUSH_ID. */
    public static final long MAX_PUSH_ID = 0xd;

    /** The type of PRIORITY_UPDATE for a request (RFC 9218 section 7.2). */
    public static final long PRIORITY_UPDATE = 0xf0700;

    /** The type of a control stream (RFC 9114 section 6.2.1). */
    public static final long CONTROL_STREAM = 0x0;

    /** The type of a push stream. */
    public static final long PUSH_STREAM = 0x1;

    /** The type of QPACK's encoder stream (RFC 9204 section 4.2). */
    public static final long ENCODER_STREAM = 0x2;

    /** The type of QPACK's decoder stream. */
    public static final long DECODER_STREAM = 0x3;

    /** The setting QPACK_MAX_TABLE_CAPACITY (RFC 9204 section 5). */
    public static final long QPACK_MAX_TABLE_CAPACITY = 0x1;

    /** The setting MAX_FIELD_SECTION_SIZE (RFC 9114 section 7.2.4.1). */
    public static final long MAX_FIELD_SECTION_SIZE = 0x6;

    /** The setting QPACK_BLOCKED_STREAMS. */
    public static final long QPACK_BLOCKED_STREAMS = 0x7;

    /** The setting ENABLE_CONNECT_PROTOCOL (RFC 9220 section 3). */
    public static final long ENABLE_CONNECT_PROTOCOL = 0x8;

    private Http3Frames() {}

    /**
     * A number in the variable length of RFC 9000 section 16, as short as can be.
     *
     * @param value from 0 to 2^62-1
     * @return 1, 2, 4 or 8 bytes
     */
    public static byte[] varInt(long value) {
        int log = value < 0x40 ? 0 : value < 0x4000 ? 1 : value < 0x4000_0000L ? 2 : 3;
        return varInt(value, 1 << log);
    }

    /**
     * A number in the variable length of RFC 9000 section 16.
     *
     * @param value from 0
     * @param length 1, 2, 4 or 8
     * @return so many bytes
     */
    public static byte[] varInt(long value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (value >>> 8 * (length - 1 - i));
        }
        bytes[0] |= (byte) (Integer.numberOfTrailingZeros(length) << 6);
        return bytes;
    }

    /**
     * A frame.
     *
     * @param type any number
     * @param payload what it holds
     * @return type, length and payload
     */
    public static byte[] frame(long type, byte... payload) {
        return join(varInt(type), varInt(payload.length), payload);
    }

    /**
     * Numbers one after another, such as the payload of SETTINGS or GOAWAY.
     *
     * @param values each from 0 to 2^62-1
     * @return all of them in variable length
     */
    public static byte[] varInts(long... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long value : values) {
            bytes.writeBytes(varInt(value));
        }
        return bytes.toByteArray();
    }

    /**
     * A field section that needs no table: each field is a literal with a literal name, without the
     * code of Huffman (RFC 9204 section 4.5.6). Nothing is checked.
     *
     * @param nameValuePairs names, each followed by its value; one octet a character
     * @return prefix and field lines
     */
    public static byte[] section(String... nameValuePairs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.write(0);
        for (int i = 0; i < nameValuePairs.length; i += 2) {
            byte[] name = nameValuePairs[i].getBytes(StandardCharsets.ISO_8859_1);
            byte[] value = nameValuePairs[i + 1].getBytes(StandardCharsets.ISO_8859_1);
            integer(bytes, 0x20, 3, name.length);
            bytes.writeBytes(name);
            integer(bytes, 0x00, 7, value.length);
            bytes.writeBytes(value);
        }
        return bytes.toByteArray();
    }

    /** An integer of RFC 7541 section 5.1. */
    private static void integer(ByteArrayOutputStream to, int flags, int bits, int value) {
        int most = (1 << bits) - 1;
        if (value < most) {
            to.write(flags | value);
            return;
        }
        to.write(flags | most);
        int rest = value - most;
        while (rest >= 0x80) {
            to.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        to.write(rest);
    }

    /**
     * The fields of a request: the four pseudo-header fields, then more.
     *
     * @param method the method
     * @param path the path
     * @param more further fields: names, each followed by its value
     * @return names, each followed by its value
     */
    public static String[] request(String method, String path, String... more) {
        String[] fields = {
            ":method", method, ":scheme", "https", ":path", path, ":authority", "example.org"
        };
        String[] all = Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        return all;
    }

    /**
     * Arrays one after another.
     *
     * @param parts the arrays
     * @return all of their bytes
     */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /**
     * The name of a type of frames.
     *
     * @param type as on the wire
     * @return its name in the RFC, or its number when it has none
     */
    public static String nameOf(long type) {
        return switch ((int) Math.min(type, Integer.MAX_VALUE)) {
            case 0x0 -> "DATA";
            case 0x1 -> "HEADERS";
            case 0x3 -> "CANCEL_PUSH";
            case 0x4 -> "SETTINGS";
            case 0x5 -> "PUSH_PROMISE";
            case 0x7 -> "GOAWAY";
            case 0xd -> "MAX_PUSH_ID";
            default -> String.format(Locale.ROOT, "frame 0x%x", type);
        };
    }
}
