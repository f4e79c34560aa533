package dev.kestrel.internal.tls;

import java.util.Arrays;

/**
 * Reads DER (X.690 section 10) element by element: as much as the forms of a private key need.
 * Lengths are definite and lie within the bytes. For one thread.
 */
final class DerReader {

    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;

    /** {@code [0]} and {@code [1]}, constructed. */
    static final int CONTEXT_0 = 0xa0;

    static final int CONTEXT_1 = 0xa1;

    private final byte[] bytes;
    private final int end;
    private int position;

    DerReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private DerReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
    }

    /** The content of a SEQUENCE that is all there is. */
    static DerReader onlySequence(byte[] bytes) throws MalformedDerException {
        DerReader all = new DerReader(bytes);
        DerReader content = all.read(SEQUENCE);
        if (!all.atEnd()) {
            throw new MalformedDerException("has bytes behind its end");
        }
        return content;
    }

    boolean atEnd() {
        return position == end;
    }

    /** The tag of the next element, or -1 at the end. */
    int tag() {
        return atEnd() ? -1 : bytes[position] & 0xff;
    }

    /** Goes into the next element and past it. */
    DerReader read(int tag) throws MalformedDerException {
        if (tag() != tag) {
            throw new MalformedDerException("has another structure");
        }
        position++;
        int length = length();
        if (length > end - position) {
            throw new MalformedDerException("is cut off");
        }
        DerReader content = new DerReader(bytes, position, position + length);
        position += length;
        return content;
    }

    private int length() throws MalformedDerException {
        int first = octet();
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > 3) {
            throw new MalformedDerException("has a length that is not DER");
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | octet();
        }
        return length;
    }

    private int octet() throws MalformedDerException {
        if (atEnd()) {
            throw new MalformedDerException("is cut off");
        }
        return bytes[position++] & 0xff;
    }

    /** The next element with its tag and length. */
    byte[] readWhole() throws MalformedDerException {
        int from = position;
        read(tag());
        return Arrays.copyOfRange(bytes, from, position);
    }

    byte[] readOctets() throws MalformedDerException {
        return read(OCTET_STRING).rest();
    }

    /** A BIT STRING with whole octets, and the octet before them that says so. */
    byte[] readBits() throws MalformedDerException {
        return read(BIT_STRING).rest();
    }

    private byte[] rest() {
        return Arrays.copyOfRange(bytes, position, end);
    }

    /** An INTEGER that is neither negative nor large. */
    int readInt() throws MalformedDerException {
        byte[] value = read(INTEGER).rest();
        if (value.length == 0 || value.length > 4 || value[0] < 0) {
            throw new MalformedDerException("has a number out of range");
        }
        int result = 0;
        for (byte each : value) {
            result = result << 8 | each & 0xff;
        }
        return result;
    }

    /** An OBJECT IDENTIFIER in its dotted form. */
    String readOid() throws MalformedDerException {
        DerReader content = read(OBJECT_IDENTIFIER);
        StringBuilder dotted = new StringBuilder();
        while (!content.atEnd()) {
            long arc = 0;
            int octet;
            do {
                octet = content.octet();
                if (arc >= 1L << 48) {
                    throw new MalformedDerException("has an object identifier out of range");
                }
                arc = arc << 7 | octet & 0x7f;
            } while ((octet & 0x80) != 0);
            if (dotted.isEmpty()) {
                long root = Math.min(arc / 40, 2);
                dotted.append(root).append('.').append(arc - root * 40);
            } else {
                dotted.append('.').append(arc);
            }
        }
        return dotted.toString();
    }
}
