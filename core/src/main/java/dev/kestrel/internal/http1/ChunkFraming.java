package dev.kestrel.internal.http1;

import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;

/**
 * What stands between the data of chunks (RFC 9112 section 7.1), byte by byte, so that it does not matter where a read
 * ended:
 *
 * <pre>
 *   SIZE --";"--> EXTENSION --CR--> SIZE_LF --LF--> DATA --all taken--> DATA_CR --CR--> DATA_LF --LF--> SIZE
 *     |                               ^ |
 *     +------------CR-----------------+ +--LF after a size of zero--> LAST
 * </pre>
 *
 * <p>A line ends in CRLF and in nothing else, whatever the options say, and a quoted string can not hide its end: requests
 * have been smuggled by each of these (CVE-2025-55315, CVE-2026-33870). Sizes have at most 15 digits, so they can not
 * overflow; extensions have a budget for the whole body (CVE-2023-39326).
 */
final class ChunkFraming {

    private enum Step {
        SIZE,
        EXTENSION,
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
    private boolean quoted;
    private boolean escaped;

    ChunkFraming(int maxExtensionSize) {
        this.maxExtensionSize = maxExtensionSize;
    }

    /** Gets ready for a body. */
    void begin() {
        step = Step.SIZE;
        digits = 0;
        size = 0;
        extensionBytes = 0;
        quoted = false;
        escaped = false;
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
            case EXTENSION -> extension(b);
            case SIZE_LF -> endOfSize(b);
            case DATA_CR -> expect(b, '\r', Step.DATA_LF);
            case DATA_LF -> {
                expect(b, '\n', Step.SIZE);
                digits = 0;
                size = 0;
            }
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
            step = Step.EXTENSION;
            quoted = false;
            escaped = false;
            countExtension();
        } else {
            throw RequestRejectionReason.BAD_CHUNK_SIZE_DATA.exception();
        }
    }

    private void extension(byte b) throws RejectedRequestException {
        if (b == '\r') {
            if (quoted) {
                throw RequestRejectionReason.BAD_CHUNK_EXTENSION.exception();
            }
            step = Step.SIZE_LF;
            return;
        }
        countExtension();
        if ((b < ' ' && b != '\t') || b == 0x7f) {
            throw RequestRejectionReason.BAD_CHUNK_EXTENSION.exception();
        }
        if (escaped) {
            escaped = false;
        } else if (b == '"') {
            quoted = !quoted;
        } else if (b == '\\' && quoted) {
            escaped = true;
        }
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
