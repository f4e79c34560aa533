package dev.kestrel.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A frame of HTTP/3 that the server has sent.
 *
 * @param streamId its stream
 * @param type one of {@link Http3Frames}
 * @param payload what it holds
 * @param fields for HEADERS what it says, with pseudo-header fields; none for others
 */
public record Http3ReceivedFrame(
        long streamId, long type, byte[] payload, List<Http2Response.Field> fields) {

    /** Copies the list. */
    public Http3ReceivedFrame {
        fields = List.copyOf(fields);
    }

    /**
     * What it holds, as text.
     *
     * @return the payload in UTF-8
     */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /**
     * The numbers that it holds, as SETTINGS and GOAWAY do.
     *
     * @return all of them in order
     */
    public List<Long> varInts() {
        List<Long> values = new ArrayList<>();
        for (int at = 0; at < payload.length; ) {
            int length = 1 << ((payload[at] & 0xff) >>> 6);
            if (at + length > payload.length) {
                throw new AssertionError("A number is cut off in " + this);
            }
            long value = payload[at] & 0x3f;
            for (int i = 1; i < length; i++) {
                value = value << 8 | payload[at + i] & 0xff;
            }
            values.add(value);
            at += length;
        }
        return values;
    }

    @Override
    public String toString() {
        String name = Http3Frames.nameOf(type) + "(" + streamId + ") ";
        if (type == Http3Frames.HEADERS) {
            return name + fields;
        }
        if (type == Http3Frames.DATA) {
            String text = text();
            return name
                    + payload.length
                    + " bytes '"
                    + (text.length() > 80 ? text.substring(0, 80) + "..." : text)
                    + "'";
        }
        return name + HexFormat.of().formatHex(payload);
    }
}
