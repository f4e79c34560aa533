package dev.kestrel.internal.http1;

import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestHeaders;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.ByteSequence;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Reads the head of a request in place, line by line as they come, and the trailers in the same
 * way. What a read brought is given to {@link #parse}; complete lines are consumed, an incomplete
 * one is looked at again when more is there.
 *
 * <p>A line with the same bytes as the one at its place in the last request gives the same objects
 * again, without being parsed: clients send the same fields over and over (the original's string
 * reuse).
 */
final class Http1HeadReader {

    private enum Step {
        REQUEST_LINE,
        FIELDS,
        TRAILERS,
        DONE
    }

    private final RequestHeaders headers;
    private final RequestHeaders trailers;
    private final Http1LineParser lines;
    private final LineMemory memory;
    private final int maxLineSize;
    private final int maxFieldsSize;
    private final int maxFieldCount;
    private final boolean bareLineFeed;

    private Step step = Step.DONE;
    private long bytesLeft;
    private int fieldCount;
    private int scanned;
    private boolean begun;
    private int consumed;

    Http1HeadReader(RequestHeaders headers, RequestHeaders trailers, KestrelServerOptions options) {
        this(headers, trailers, options, !options.disableStringReuse());
    }

    /**
     * Makes a reader.
     *
     * @param remembers whether it knows the lines of a head when they come again
     */
    Http1HeadReader(
            RequestHeaders headers,
            RequestHeaders trailers,
            KestrelServerOptions options,
            boolean remembers) {
        KestrelServerLimits limits = options.limits();
        this.headers = headers;
        this.trailers = trailers;
        this.lines = new Http1LineParser(options);
        this.memory = new LineMemory(remembers);
        this.maxLineSize = limits.maxRequestLineSize();
        this.maxFieldsSize = limits.maxRequestHeadersTotalSize();
        this.maxFieldCount = limits.maxRequestHeaderCount();
        this.bareLineFeed = options.http1().allowBareLineFeed();
    }

    /** Gets ready for a request line. */
    void begin() {
        step = Step.REQUEST_LINE;
        // The empty line at the end is not counted, as in the original.
        bytesLeft = maxFieldsSize + 2L;
        fieldCount = 0;
        scanned = 0;
        begun = false;
        memory.rewind();
    }

    /** Gets ready for trailers, which share the limits of the head. */
    void beginTrailers() {
        step = Step.TRAILERS;
        bytesLeft += 2;
        scanned = 0;
    }

    /** Whether a byte of the request was seen. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * What is wrong with a head that ends here; {@code null} when it has not begun, or has nothing
     * but empty lines.
     */
    @Nullable RequestRejectionReason incompleteReason() {
        return switch (step) {
            case REQUEST_LINE -> scanned > 0 ? RequestRejectionReason.INVALID_REQUEST_LINE : null;
            case FIELDS, TRAILERS -> RequestRejectionReason.MALFORMED_REQUEST_INVALID_HEADERS;
            case DONE -> null;
        };
    }

    /** What the request line said. */
    Http1LineParser requestLine() {
        return lines;
    }

    /** How many bytes of the last buffer are done with. */
    int consumed() {
        return consumed;
    }

    /**
     * Reads on.
     *
     * @return whether the head, or the trailers, are complete
     */
    boolean parse(ByteSequence buffer) throws IOException {
        int first = buffer.firstLength();
        consumed =
                parse(buffer.firstArray(), buffer.firstOffset(), buffer.firstOffset() + first)
                        - buffer.firstOffset();
        if (step == Step.DONE || first == buffer.length()) {
            return step == Step.DONE;
        }
        // The line at hand runs on into the next block: bring what may belong to the head together.
        long rest = Math.min(buffer.length() - consumed, maxLineSize + (long) maxFieldsSize + 4);
        byte[] joined = new byte[(int) rest];
        buffer.copyTo(consumed, joined, 0, joined.length);
        consumed += parse(joined, 0, joined.length);
        return step == Step.DONE;
    }

    private int parse(byte[] array, int from, int to) throws IOException {
        int at = from;
        if (step == Step.REQUEST_LINE) {
            at = parseRequestLine(array, at, to);
        }
        if (step == Step.FIELDS || step == Step.TRAILERS) {
            at = parseFields(array, at, to);
        }
        return at;
    }

    private int parseRequestLine(byte[] array, int from, int to) throws IOException {
        int at = skipEmptyLines(array, from, to);
        if (at == to || array[at] == '\r') {
            // Nothing yet, or a CR whose LF is still to come.
            return at;
        }
        begun = true;
        if (memory.matchesRequestLine(array, at, to)) {
            step = Step.FIELDS;
            scanned = 0;
            return at + memory.requestLineLength();
        }
        int end = ByteScan.indexOf(array, Math.min(to, at + scanned), to, (byte) '\n');
        if (end < 0) {
            lines.checkFirstByte(array, at, to);
            if (to - at >= maxLineSize) {
                throw RequestRejectionReason.REQUEST_LINE_TOO_LONG.exception();
            }
            scanned = to - at;
            return at;
        }
        if (end + 1 - at > maxLineSize) {
            throw RequestRejectionReason.REQUEST_LINE_TOO_LONG.exception();
        }
        if (Http1Syntax.matches(array, at, end, "PRI * HTTP/2.0\r")) {
            throw new Http2PrefaceException();
        }
        lines.parseRequestLine(array, at, end);
        memory.rememberRequestLine(array, at, end + 1);
        step = Step.FIELDS;
        scanned = 0;
        return end + 1;
    }

    /**
     * RFC 9112 section 2.2: a server should ignore at least one empty line before the request line.
     */
    private int skipEmptyLines(byte[] array, int from, int to) throws RejectedRequestException {
        int at = from;
        while (at < to && (array[at] == '\r' || array[at] == '\n')) {
            begun = true;
            if (bareLineFeed) {
                at++;
            } else if (array[at] == '\n') {
                throw RequestRejectionReason.INVALID_REQUEST_LINE.exception();
            } else if (at + 1 == to) {
                break;
            } else if (array[at + 1] != '\n') {
                throw RequestRejectionReason.INVALID_REQUEST_LINE.exception();
            } else {
                at += 2;
            }
        }
        return at;
    }

    private int parseFields(byte[] array, int from, int to) throws RejectedRequestException {
        boolean inTrailers = step == Step.TRAILERS;
        RequestHeaders fields = inTrailers ? trailers : headers;
        int at = from;
        while (at < to) {
            byte first = array[at];
            if (first == '\r') {
                if (at + 1 == to) {
                    return at;
                }
                if (array[at + 1] != '\n') {
                    throw RequestRejectionReason.INVALID_REQUEST_HEADERS_NO_CRLF.exception();
                }
                return endOfFields(at + 2, 2);
            }
            if (first == '\n' && bareLineFeed) {
                return endOfFields(at + 1, 1);
            }
            int length;
            if (!inTrailers && memory.matchesField(array, at, to, fields)) {
                length = memory.replayField(fields);
                count(length);
                scanned = 0;
            } else {
                int end = ByteScan.indexOf(array, Math.min(to, at + scanned), to, (byte) '\n');
                if (end < 0) {
                    if (to - at > bytesLeft) {
                        throw RequestRejectionReason.HEADERS_EXCEED_MAX_TOTAL_SIZE.exception();
                    }
                    scanned = to - at;
                    return at;
                }
                length = end + 1 - at;
                count(length);
                if (inTrailers) {
                    lines.parseTrailer(array, at, end, fields);
                } else {
                    lines.parseField(array, at, end, fields);
                    memory.rememberField(array, at, end + 1, fields);
                }
                scanned = 0;
            }
            at += length;
        }
        return at;
    }

    private void count(int length) throws RejectedRequestException {
        bytesLeft -= length;
        if (bytesLeft < 0) {
            throw RequestRejectionReason.HEADERS_EXCEED_MAX_TOTAL_SIZE.exception();
        }
        if (++fieldCount > maxFieldCount) {
            throw RequestRejectionReason.TOO_MANY_HEADERS.exception();
        }
    }

    private int endOfFields(int at, int length) throws RejectedRequestException {
        bytesLeft -= length;
        if (bytesLeft < 0) {
            throw RequestRejectionReason.HEADERS_EXCEED_MAX_TOTAL_SIZE.exception();
        }
        step = Step.DONE;
        scanned = 0;
        return at;
    }
}
