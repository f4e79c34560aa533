package dev.kestrel.internal.http3;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** SETTINGS, which each side sends once (RFC 9114 section 7.2.4). */
final class Http3Settings {

    private static final long QPACK_MAX_TABLE_CAPACITY = 0x1;
    private static final long MAX_FIELD_SECTION_SIZE = 0x6;
    private static final long QPACK_BLOCKED_STREAMS = 0x7;
    private static final long ENABLE_CONNECT_PROTOCOL = 0x8;
    private static final long H3_DATAGRAM = 0x33;

    private static final int MOST_BYTES = 64;

    // What the client says; each has its default before.
    private long maxFieldSectionSize = Long.MAX_VALUE;
    private long tableCapacity;
    private long blockedStreams;

    /** The payload of ours. */
    static byte[] ours(Http3Bounds bounds) {
        byte[] payload = new byte[MOST_BYTES];
        int at = 0;
        at = put(MAX_FIELD_SECTION_SIZE, bounds.headers().maxListSize(), payload, at);
        // RFC 9220 section 3.
        at = put(ENABLE_CONNECT_PROTOCOL, 1, payload, at);
        if (bounds.headerTableSize() > 0) {
            at = put(QPACK_MAX_TABLE_CAPACITY, bounds.headerTableSize(), payload, at);
            at = put(QPACK_BLOCKED_STREAMS, bounds.blockedStreams(), payload, at);
        }
        return Arrays.copyOf(payload, at);
    }

    private static int put(long id, long value, byte[] payload, int at) {
        return VarInt.write(value, payload, VarInt.write(id, payload, at));
    }

    /** Takes the client's. */
    void read(byte[] payload, int length) throws Http3ConnectionException {
        Set<Long> seen = new HashSet<>();
        int at = 0;
        while (at < length) {
            long id = VarInt.read(payload, at, length);
            int valueAt = id == VarInt.INCOMPLETE ? length : at + VarInt.length(payload[at]);
            long value = VarInt.read(payload, valueAt, length);
            if (value == VarInt.INCOMPLETE) {
                throw new Http3ConnectionException(
                        Http3ErrorCode.FRAME_ERROR, "SETTINGS end in the middle of one");
            }
            at = valueAt + VarInt.length(payload[valueAt]);
            if (!seen.add(id)) {
                throw error("A setting occurs twice");
            }
            set(id, value);
        }
    }

    private void set(long id, long value) throws Http3ConnectionException {
        // Not a switch over int: an unknown identifier may be of any size.
        if (id == MAX_FIELD_SECTION_SIZE) {
            maxFieldSectionSize = value;
        } else if (id == QPACK_MAX_TABLE_CAPACITY) {
            tableCapacity = value;
        } else if (id == QPACK_BLOCKED_STREAMS) {
            blockedStreams = value;
        } else if (id == 0 || (id >= 0x2 && id <= 0x5)) {
            // RFC 9114 section 7.2.4.1: what they meant in HTTP/2 has no meaning here.
            throw error("A setting of HTTP/2 that is reserved");
        } else if ((id == ENABLE_CONNECT_PROTOCOL || id == H3_DATAGRAM) && value > 1) {
            throw error("A setting that is 0 or 1 has another value");
        }
    }

    private static Http3ConnectionException error(String message) {
        return new Http3ConnectionException(Http3ErrorCode.SETTINGS_ERROR, message);
    }

    /** How large the field section of a response may be; the greatest long for any size. */
    long maxFieldSectionSize() {
        return maxFieldSectionSize;
    }

    /** How much dynamic table the client keeps for responses. */
    long tableCapacity() {
        return tableCapacity;
    }

    /** How many responses may wait for our encoder stream. */
    long blockedStreams() {
        return blockedStreams;
    }
}
