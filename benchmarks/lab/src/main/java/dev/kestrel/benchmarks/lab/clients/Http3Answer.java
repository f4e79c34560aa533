package dev.kestrel.benchmarks.lab.clients;

import io.netty.buffer.ByteBuf;

/**
 * Reads the frames of an answer as far as to know its status and its length (RFC 9114 section 7.1).
 */
final class Http3Answer {

    private static final long DATA = 0x00;
    private static final long HEADERS = 0x01;

    /** What of the fields is kept: more than the status can take, which is the first of them. */
    private static final int KEPT = Long.BYTES;

    private static final int TYPE = 0;
    private static final int LENGTH = 1;
    private static final int PAYLOAD = 2;

    private int state = TYPE;
    private long type;

    /** What of a payload is still to come; while an integer is read, what is known of it. */
    private long left;

    /** How many bytes of an integer are still to come. */
    private int more;

    private long begin;
    private int kept;
    private boolean ok;
    private long length;

    /** The status is 200, and all frames were whole. */
    boolean isOk() {
        return ok && state == TYPE && more == 0;
    }

    /** How many bytes the content has. */
    long length() {
        return length;
    }

    void read(ByteBuf in) {
        while (in.isReadable()) {
            switch (state) {
                case TYPE -> {
                    if (integer(in.readUnsignedByte())) {
                        type = left;
                        state = LENGTH;
                    }
                }
                case LENGTH -> {
                    if (integer(in.readUnsignedByte())) {
                        state = left == 0 ? TYPE : PAYLOAD;
                    }
                }
                default -> payload(in);
            }
        }
    }

    private void payload(ByteBuf in) {
        int count = (int) Math.min(left, in.readableBytes());
        if (type == DATA) {
            length += count;
        } else if (type == HEADERS) {
            for (int i = 0; i < count && kept < KEPT; i++, kept++) {
                begin = begin << Byte.SIZE | in.getUnsignedByte(in.readerIndex() + i);
            }
        }
        in.skipBytes(count);
        left -= count;
        if (left == 0) {
            state = TYPE;
            if (type == HEADERS && length == 0) {
                ok |= isStatus200(begin << (KEPT - kept) * Byte.SIZE);
            }
        }
    }

    /**
     * The first field after the two bytes of the prefix: line 25 of the static table is {@code
     * :status: 200}; some take only the name from there, and write the value, with Huffman's code
     * or without (RFC 9204 section 4.5).
     */
    private static boolean isStatus200(long begin) {
        if (begin >>> 40 == 0x0000d9) {
            return true;
        }
        boolean named = begin >>> 44 == 0x00005 || begin >>> 44 == 0x00007;
        int value = (int) begin;
        return named && (value == 0x03323030 || value >>> 8 == 0x821001);
    }

    /** RFC 9000 section 16. */
    private boolean integer(int octet) {
        if (more == 0) {
            more = (1 << (octet >> 6)) - 1;
            left = octet & 0x3f;
        } else {
            more--;
            left = left << Byte.SIZE | octet;
        }
        return more == 0;
    }
}
