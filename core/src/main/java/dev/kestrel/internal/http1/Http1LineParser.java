package dev.kestrel.internal.http1;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.protocol.FieldValueDecoder;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestHeaders;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.options.KestrelServerOptions;

import java.nio.charset.StandardCharsets;

/**
 * Reads one complete line: the request line (RFC 9112 section 3) or a field line (section 5).
 * Strict: no folding, no space before the colon, no control characters.
 */
final class Http1LineParser {

    private static final int VERSION_LENGTH = "HTTP/1.1".length();

    private final boolean bareLineFeed;
    private final FieldValueDecoder decoder;
    private final Http1TargetParser target = new Http1TargetParser();
    private String method = "";
    private boolean http10;

    Http1LineParser(KestrelServerOptions options) {
        bareLineFeed = options.http1().allowBareLineFeed();
        decoder = new FieldValueDecoder(options);
    }

    String method() {
        return method;
    }

    boolean isHttp10() {
        return http10;
    }

    Http1TargetParser target() {
        return target;
    }

    /**
     * Finds out early that this is no HTTP at all: a TLS client would wait for an answer and never
     * end its line.
     */
    void checkFirstByte(byte[] array, int from, int to) throws RejectedRequestException {
        if (array[from] == 0x16 && to - from > 1 && array[from + 1] == 0x03) {
            throw RequestRejectionReason.TLS_OVER_HTTP.exception();
        }
    }

    /**
     * Reads {@code method SP target SP version}.
     *
     * @param end where the LF is
     */
    void parseRequestLine(byte[] array, int from, int end) throws RejectedRequestException {
        if (array[from] == 0x16) {
            throw RequestRejectionReason.TLS_OVER_HTTP.exception();
        }
        int to = endOfLine(array, from, end, RequestRejectionReason.INVALID_REQUEST_LINE);
        int methodEnd = from;
        while (methodEnd < to && Http1Syntax.isToken(array[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == from || methodEnd == to || array[methodEnd] != ' ') {
            throw RequestRejectionReason.INVALID_REQUEST_LINE.exception();
        }
        int targetFrom = methodEnd + 1;
        int targetEnd = endOfTarget(array, targetFrom, to);
        int version = targetEnd + 1;
        while (version < to && array[version] == ' ') {
            version++;
        }
        parseVersion(array, targetEnd < to ? version : to, to);
        method = Http1Syntax.method(array, from, methodEnd);
        target.parse(method, array, targetFrom, targetEnd);
    }

    private static int endOfTarget(byte[] array, int from, int to) throws RejectedRequestException {
        int at = from;
        while (at < to && array[at] > ' ' && array[at] < 0x7f) {
            at++;
        }
        if (at < to && array[at] != ' ') {
            throw (array[at] < 0
                            ? RequestRejectionReason.INVALID_REQUEST_TARGET
                            : RequestRejectionReason.INVALID_REQUEST_LINE)
                    .exception();
        }
        if (at == from) {
            throw RequestRejectionReason.INVALID_REQUEST_LINE.exception();
        }
        return at;
    }

    private void parseVersion(byte[] array, int from, int to) throws RejectedRequestException {
        if (to - from != VERSION_LENGTH) {
            throw RequestRejectionReason.INVALID_REQUEST_LINE.exception();
        }
        if (Http1Syntax.matches(array, from, to, "HTTP/1.1")) {
            http10 = false;
        } else if (Http1Syntax.matches(array, from, to, "HTTP/1.0")) {
            http10 = true;
        } else {
            throw RequestRejectionReason.UNRECOGNIZED_HTTP_VERSION.exception();
        }
    }

    /**
     * Reads {@code name ":" OWS value OWS} and adds it.
     *
     * @param end where the LF is
     */
    void parseField(byte[] array, int from, int end, RequestHeaders fields)
            throws RejectedRequestException {
        parse(array, from, end, fields, false);
    }

    /**
     * Reads a field of the trailer section. Those that would change framing or routing are dropped
     * (RFC 9110 6.5.1).
     */
    void parseTrailer(byte[] array, int from, int end, RequestHeaders fields)
            throws RejectedRequestException {
        parse(array, from, end, fields, true);
    }

    private void parse(byte[] array, int from, int end, RequestHeaders fields, boolean trailer)
            throws RejectedRequestException {
        int to = endOfLine(array, from, end, RequestRejectionReason.INVALID_REQUEST_HEADER);
        int colon = from;
        while (colon < to && Http1Syntax.isToken(array[colon])) {
            colon++;
        }
        if (colon == from || colon == to || array[colon] != ':') {
            throw badName(array, colon, to).exception();
        }
        int valueFrom = colon + 1;
        while (valueFrom < to && isSpace(array[valueFrom])) {
            valueFrom++;
        }
        int valueTo = to;
        while (valueTo > valueFrom && isSpace(array[valueTo - 1])) {
            valueTo--;
        }
        KnownHeader known = KnownHeader.find(array, from, colon);
        String name =
                known != null
                        ? known.wireName()
                        : new String(array, from, colon - from, StandardCharsets.ISO_8859_1);
        String value = value(name, array, valueFrom, valueTo);
        if (known == KnownHeader.HOST
                || known == KnownHeader.CONTENT_LENGTH
                || known == KnownHeader.TRANSFER_ENCODING) {
            if (!trailer) {
                appendFraming(known, value, fields);
            }
        } else {
            fields.append(known, name, value);
        }
    }

    private static void appendFraming(KnownHeader known, String value, RequestHeaders fields)
            throws RejectedRequestException {
        boolean again = fields.contains(known);
        if (known == KnownHeader.CONTENT_LENGTH) {
            long length = FieldSyntax.parseDigits(value);
            if (again) {
                throw RequestRejectionReason.MULTIPLE_CONTENT_LENGTHS.exception();
            }
            if (length < 0) {
                throw RequestRejectionReason.INVALID_CONTENT_LENGTH.exception();
            }
            fields.appendLength(length, value);
        } else if (again && known == KnownHeader.HOST) {
            throw RequestRejectionReason.MULTIPLE_HOST_HEADERS.exception();
        } else {
            fields.append(known, known.wireName(), value);
        }
    }

    private static RequestRejectionReason badName(byte[] array, int at, int to) {
        boolean separator = at == to || array[at] == ' ' || array[at] == '\t' || array[at] == ':';
        return separator
                ? RequestRejectionReason.INVALID_REQUEST_HEADER
                : RequestRejectionReason.INVALID_CHARACTERS_IN_HEADER_NAME;
    }

    /**
     * Takes CR off the end of a line; a line that ends in LF alone is refused unless that is
     * allowed.
     */
    private int endOfLine(byte[] array, int from, int end, RequestRejectionReason otherwise)
            throws RejectedRequestException {
        if (end > from && array[end - 1] == '\r') {
            return end - 1;
        }
        if (!bareLineFeed) {
            throw otherwise.exception();
        }
        return end;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private String value(String name, byte[] array, int from, int to)
            throws RejectedRequestException {
        boolean ascii = true;
        for (int i = ByteScan.endOfPlainText(array, from, to);
                i < to;
                i = ByteScan.endOfPlainText(array, i + 1, to)) {
            byte b = array[i];
            if (b >= 0 && b != '\t') {
                throw (b == '\r'
                                ? RequestRejectionReason.INVALID_REQUEST_HEADER
                                : RequestRejectionReason.MALFORMED_REQUEST_INVALID_HEADERS)
                        .exception();
            }
            ascii &= b >= 0;
        }
        if (ascii) {
            return new String(array, from, to - from, StandardCharsets.ISO_8859_1);
        }
        String text = decoder.decode(name, array, from, to);
        if (text == null) {
            throw RequestRejectionReason.MALFORMED_REQUEST_INVALID_HEADERS.exception();
        }
        return text;
    }
}
