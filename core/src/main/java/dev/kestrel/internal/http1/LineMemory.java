package dev.kestrel.internal.http1;

import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.protocol.RequestHeaders;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The lines of the last head on a connection and what they meant. A connection keeps at most
 * {@value #MAX_FIELDS} lines of at most {@value #MAX_LINE} bytes each.
 */
final class LineMemory {

    private static final int MAX_FIELDS = 24;
    private static final int MAX_LINE = 256;
    private static final byte[] NOTHING = new byte[0];

    private final boolean enabled;
    private byte[] requestLine = NOTHING;
    private int requestLineLength;

    private byte[][] lines;
    private int[] lengths;
    private @Nullable KnownHeader[] known;
    private String[] names;
    private String[] values;
    private int next;

    LineMemory(boolean enabled) {
        this.enabled = enabled;
        int size = enabled ? 8 : 0;
        lines = new byte[size][];
        lengths = new int[size];
        known = new KnownHeader[size];
        names = new String[size];
        values = new String[size];
    }

    /** Gets ready for the next head. */
    void rewind() {
        next = 0;
    }

    boolean matchesRequestLine(byte[] array, int from, int to) {
        int length = requestLineLength;
        return length > 0
                && to - from >= length
                && Arrays.equals(array, from, from + length, requestLine, 0, length);
    }

    int requestLineLength() {
        return requestLineLength;
    }

    void rememberRequestLine(byte[] array, int from, int to) {
        int length = to - from;
        if (!enabled || length > 4 * MAX_LINE) {
            requestLineLength = 0;
            return;
        }
        if (requestLine.length < length) {
            requestLine = new byte[Math.max(64, length)];
        }
        System.arraycopy(array, from, requestLine, 0, length);
        requestLineLength = length;
    }

    /** Whether the bytes begin with the line that was at this place last time, its end included. */
    boolean matchesField(byte[] array, int from, int to, RequestHeaders fields) {
        int place = next;
        if (place >= lengths.length) {
            return false;
        }
        int length = lengths[place];
        if (length == 0
                || to - from < length
                || !Arrays.equals(array, from, from + length, lines[place], 0, length)) {
            return false;
        }
        KnownHeader header = known[place];
        // What may come but once is left to the parser when it comes again.
        return (header != KnownHeader.HOST && header != KnownHeader.CONTENT_LENGTH)
                || !fields.contains(header);
    }

    /** Adds the field of the line that matched, and returns the line's length. */
    int replayField(RequestHeaders fields) {
        int place = next++;
        KnownHeader header = known[place];
        if (header == KnownHeader.CONTENT_LENGTH) {
            fields.appendLength(Long.parseLong(values[place]), values[place]);
        } else {
            fields.append(header, names[place], values[place]);
        }
        return lengths[place];
    }

    /** Keeps a line and the field that was made of it, which is the last one in {@code fields}. */
    void rememberField(byte[] array, int from, int to, RequestHeaders fields) {
        int place = next++;
        if (!enabled || place >= MAX_FIELDS) {
            return;
        }
        if (place >= lengths.length) {
            grow();
        }
        int length = to - from;
        int last = fields.size() - 1;
        if (length > MAX_LINE) {
            lengths[place] = 0;
            return;
        }
        byte[] line = lines[place];
        if (line == null || line.length < length) {
            line = new byte[Math.max(32, length)];
            lines[place] = line;
        }
        System.arraycopy(array, from, line, 0, length);
        lengths[place] = length;
        known[place] = fields.knownAt(last);
        names[place] = fields.nameAt(last);
        values[place] = fields.valueAt(last);
    }

    private void grow() {
        int size = lengths.length * 2;
        lines = Arrays.copyOf(lines, size);
        lengths = Arrays.copyOf(lengths, size);
        known = Arrays.copyOf(known, size);
        names = Arrays.copyOf(names, size);
        values = Arrays.copyOf(values, size);
    }
}
