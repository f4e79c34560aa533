package dev.kestrel.internal.http1;

import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;

/**
 * What stands between the data of chunks (RFC 9112 section 7.1), byte by byte, so that it does not
 * matter where a read ended:
 *
 * <pre>
 *   SIZE --";"--> extensions --CR--> SIZE_LF --LF--> DATA --all taken--> DATA_CR --CR--> DATA_LF --LF--> SIZE
 *     |                                ^ |
 *     +-------------CR-----------------+ +--LF after a size of zero--> LAST
 *
 *   extensions: NAME_START --token--> NAME --"="--> VALUE_START --token--> VALUE
 *                                                        +-------quote--> QUOTED --quote--> VALUE_END
 * </pre>
 *
 * <p>A line ends in CRLF and in nothing else, whatever the options say, and a quoted string can not
 * hide its end: requests have been smuggled by each of these (CVE-2025-55315, CVE-2026-33870).
 * Sizes have at most 15 digits, so they can not overflow; extensions have a budget for the whole
 * body (CVE-2023-39326).
 */
final class ChunkFraming {

    private enum Step {
        SIZE,
        NAME_START,
        NAME,
        NAME_END,
        VALUE_START,
        VALUE,
        QUOTED,
        QUOTED_PAIR,
        VALUE_END,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        LAST
    }

    private static final int MAX_DIGITS = 15;

    private final int maxExtensionSize;
    private Step step = Step.LAST;
    private int digits;
    private long size;
    private int extensionBytes;

    ChunkFraming(int maxExtensionSize) {
        this.maxExtensionSize = maxExtensionSize;
    }

    /** Gets ready for a body. */
    void begin() {
        step = Step.SIZE;
        digits = 0;
        size = 0;
        extensionBytes = 0;
    }

    /** How many bytes of data come next; zero when framing comes next. */
    long dataLeft() {
        return step == Step.DATA ? size : 0;
    }

    /** Says that bytes of data were taken. */
    void takeData(int count) {
        size -= count;
        if (size == 0) {
            step = Step.DATA_CR;
        }
    }

    /** Whether the chunk of size zero has come: trailers are next. */
    boolean isLastChunk() {
        return step == Step.LAST;
    }

    /** Takes the next byte of framing. */
    void accept(byte b) throws RejectedRequestException {
        switch (step) {
            case SIZE -> size(b);
            case SIZE_LF -> endOfSize(b);
            case DATA_CR -> expect(b, '\r', Step.DATA_LF);
            case DATA_LF -> {
                expect(b, '\n', Step.SIZE);
                digits = 0;
                size = 0;
            }
            case NAME_START, NAME, NAME_END, VALUE_START, VALUE, QUOTED, QUOTED_PAIR, VALUE_END ->
                    extension(b);
            case DATA, LAST -> throw new IllegalStateException("No framing is expected in " + step);
        }
    }

    private void size(byte b) throws RejectedRequestException {
        int digit = hex(b);
        if (digit >= 0) {
            if (++digits > MAX_DIGITS) {
                throw RequestRejectionReason.BAD_CHUNK_SIZE_DATA.exception();
            }
            size = size << 4 | digit;
        } else if (digits == 0) {
            throw RequestRejectionReason.BAD_CHUNK_SIZE_DATA.exception();
        } else if (b == '\r') {
            step = Step.SIZE_LF;
        } else if (b == ';') {
            step = Step.NAME_START;
            countExtension();
        } else {
            throw RequestRejectionReason.BAD_CHUNK_SIZE_DATA.exception();
        }
    }

    private void extension(byte b) throws RejectedRequestException {
        if (b != '\r') {
            countExtension();
        }
        boolean token = Http1Syntax.isToken(b);
        boolean space = b == ' ' || b == '\t';
        step =
                switch (step) {
                    case NAME_START -> space ? Step.NAME_START : token ? Step.NAME : bad();
                    case NAME ->
                            token
                                    ? Step.NAME
                                    : space ? Step.NAME_END : b == '=' ? Step.VALUE_START : next(b);
                    case NAME_END -> space ? Step.NAME_END : b == '=' ? Step.VALUE_START : next(b);
                    case VALUE_START ->
                            space
                                    ? Step.VALUE_START
                                    : b == '"' ? Step.QUOTED : token ? Step.VALUE : bad();
                    case VALUE -> token ? Step.VALUE : space ? Step.VALUE_END : next(b);
                    case VALUE_END -> space ? Step.VALUE_END : next(b);
                    case QUOTED ->
                            b == '"'
                                    ? Step.VALUE_END
                                    : b == '\\'
                                            ? Step.QUOTED_PAIR
                                            : isText(b) ? Step.QUOTED : bad();
                    case QUOTED_PAIR -> isText(b) ? Step.QUOTED : bad();
                    default -> throw new IllegalStateException(step.toString());
                };
    }

    private static boolean isText(byte b) {
        return b == '\t' || (b >= ' ' && b != 0x7f);
    }

    /** Behind an extension comes another one, or the end of the line. */
    private static Step next(byte b) throws RejectedRequestException {
        return b == ';' ? Step.NAME_START : b == '\r' ? Step.SIZE_LF : bad();
    }

    private static Step bad() throws RejectedRequestException {
        throw RequestRejectionReason.BAD_CHUNK_EXTENSION.exception();
    }

    private void countExtension() throws RejectedRequestException {
        if (++extensionBytes > maxExtensionSize) {
            throw RequestRejectionReason.BAD_CHUNK_EXTENSION.exception();
        }
    }

    private void endOfSize(byte b) throws RejectedRequestException {
        if (b != '\n') {
            throw RequestRejectionReason.BAD_CHUNK_EXTENSION.exception();
        }
        step = size == 0 ? Step.LAST : Step.DATA;
    }

    private void expect(byte b, char wanted, Step next) throws RejectedRequestException {
        if (b != wanted) {
            throw RequestRejectionReason.BAD_CHUNK_SUFFIX.exception();
        }
        step = next;
    }

    private static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
