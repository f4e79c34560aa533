package dev.kestrel.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A frame that the server has sent. HEADERS and the CONTINUATION frames behind it are one, with the
 * fields decoded; padding and the like are gone from {@link #payload()}.
 */
public final class Http2ReceivedFrame {

    private final int type;
    private final int flags;
    private final int streamId;
    private final byte[] payload;
    private final List<Integer> pieces;
    private final List<Http2Response.Field> fields;
    private final boolean rest;

    Http2ReceivedFrame(int type, int flags, int streamId, byte[] payload) {
        this(type, flags, streamId, payload, List.of(payload.length), List.of(), false);
    }

    private Http2ReceivedFrame(
            int type,
            int flags,
            int streamId,
            byte[] payload,
            List<Integer> pieces,
            List<Http2Response.Field> fields,
            boolean rest) {
        this.type = type;
        this.flags = flags;
        this.streamId = streamId;
        this.payload = payload;
        this.pieces = pieces;
        this.fields = fields;
        this.rest = rest;
    }

    /** With a header block that was decoded; {@code lengths} are those of its frames. */
    Http2ReceivedFrame withBlock(
            byte[] block, List<Integer> lengths, List<Http2Response.Field> decoded) {
        return new Http2ReceivedFrame(
                type,
                flags | Http2Frames.END_HEADERS,
                streamId,
                block,
                List.copyOf(lengths),
                List.copyOf(decoded),
                false);
    }

    /** With the length that its frame header said, padding and all. */
    Http2ReceivedFrame ofLength(int length) {
        return new Http2ReceivedFrame(
                type, flags, streamId, payload, List.of(length), fields, false);
    }

    /** What is left of DATA behind bytes that were read, or of HEADERS: that the stream ends. */
    Http2ReceivedFrame rest(int from) {
        byte[] left = Arrays.copyOfRange(payload, from, payload.length);
        return new Http2ReceivedFrame(
                Http2Frames.DATA,
                flags & Http2Frames.END_STREAM,
                streamId,
                left,
                pieces,
                fields,
                true);
    }

    /** Whether this is nothing but the memory of an END_STREAM that came with another frame. */
    boolean isOnlyEnd() {
        return rest && payload.length == 0;
    }

    /**
     * Its type.
     *
     * @return one of {@link Http2Frames}
     */
    public int type() {
        return type;
    }

    /**
     * Its flags.
     *
     * @return the bits; for a header block those of HEADERS, and END_HEADERS
     */
    public int flags() {
        return flags;
    }

    /**
     * Its stream.
     *
     * @return an identifier, 0 for the connection
     */
    public int streamId() {
        return streamId;
    }

    /**
     * What it holds.
     *
     * @return the payload without padding; for a header block all of it, encoded
     */
    public byte[] payload() {
        return payload.clone();
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
     * How a header block was cut.
     *
     * @return the lengths of HEADERS and each CONTINUATION as their frame headers say; for another
     *     frame its own
     */
    public List<Integer> pieces() {
        return pieces;
    }

    /**
     * The fields of a header block.
     *
     * @return in order, with pseudo-header fields; none for another frame
     */
    public List<Http2Response.Field> fields() {
        return fields;
    }

    /**
     * Whether it ends the stream.
     *
     * @return true for END_STREAM on DATA or HEADERS
     */
    public boolean endsStream() {
        return (type == Http2Frames.DATA || type == Http2Frames.HEADERS)
                && (flags & Http2Frames.END_STREAM) != 0;
    }

    /**
     * Whether it acknowledges.
     *
     * @return true for ACK on SETTINGS or PING
     */
    public boolean isAck() {
        return (type == Http2Frames.SETTINGS || type == Http2Frames.PING)
                && (flags & Http2Frames.ACK) != 0;
    }

    /**
     * A number of 32 bits in the payload.
     *
     * @param at where it begins
     * @return the number
     */
    public int intAt(int at) {
        return ByteBuffer.wrap(payload).getInt(at);
    }

    /**
     * A number of 64 bits in the payload.
     *
     * @param at where it begins
     * @return the number
     */
    public long longAt(int at) {
        return ByteBuffer.wrap(payload).getLong(at);
    }

    /**
     * The settings in it.
     *
     * @return identifiers, each followed by its value, in order
     */
    public List<Integer> settings() {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        List<Integer> settings = new ArrayList<>();
        while (buffer.remaining() >= 6) {
            settings.add((int) buffer.getShort());
            settings.add(buffer.getInt());
        }
        return settings;
    }

    int length() {
        return payload.length;
    }

    @Override
    public String toString() {
        String head = Http2Frames.nameOf(type) + "(" + streamId + ")";
        return switch (type) {
            case Http2Frames.HEADERS -> head + end() + " " + fields + cut();
            case Http2Frames.DATA -> head + end() + " " + length() + " bytes " + shortText();
            case Http2Frames.SETTINGS -> head + (isAck() ? " ACK" : " " + settings());
            case Http2Frames.RST_STREAM -> head + " " + Http2Error.nameOf(intAt(0));
            case Http2Frames.GOAWAY ->
                    head + " last " + intAt(0) + " " + Http2Error.nameOf(intAt(4));
            case Http2Frames.WINDOW_UPDATE -> head + " " + intAt(0);
            default -> head + (isAck() ? " ACK " : " ") + HexFormat.of().formatHex(payload);
        };
    }

    private String end() {
        return endsStream() ? " END_STREAM" : "";
    }

    private String cut() {
        return pieces.size() > 1 ? " in pieces " + pieces : "";
    }

    private String shortText() {
        String text = text();
        return "'" + (text.length() > 80 ? text.substring(0, 80) + "..." : text) + "'";
    }
}
