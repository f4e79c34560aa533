package dev.kestrel.internal.http1;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.protocol.FieldLists;
import dev.kestrel.internal.protocol.HostSyntax;
import dev.kestrel.internal.protocol.ProtocolRequest;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestHeaders;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.options.Http1Options;
import dev.kestrel.options.KestrelServerOptions;

/**
 * What the fields of a head mean together: host, framing of the body, connection (RFC 9112 sections
 * 3.2, 6 and 9).
 */
final class Http1HeadRules {

    private final boolean hostOverride;
    private final Http1Options options;
    private String lastHost = "";

    Http1HeadRules(KestrelServerOptions serverOptions) {
        hostOverride = serverOptions.allowHostHeaderOverride();
        options = serverOptions.http1();
    }

    /** Checks a complete head and says what it means. */
    void apply(Http1LineParser line, ProtocolRequest request, Http1RequestHead head)
            throws RejectedRequestException {
        RequestHeaders headers = request.mutableHeaders();
        head.http10 = line.isHttp10();
        head.keepAlive = !head.http10;
        head.upgrade = false;
        head.acceptsTrailers = false;
        if (headers.contains(KnownHeader.CONNECTION)) {
            readConnection(headers, head);
        }
        checkHost(line, request, headers);
        readFraming(line.method(), headers, head);
        readExpectation(headers, head);
        if (headers.contains(KnownHeader.TE)) {
            head.acceptsTrailers =
                    !head.http10 && listContains(headers, KnownHeader.TE, "trailers");
        }
        if (head.upgrade) {
            head.upgrade = !head.http10 && !head.hasBody() && !line.method().equals("CONNECT");
        }
    }

    private static void readConnection(HttpHeaders headers, Http1RequestHead head) {
        boolean keepAlive = false;
        boolean close = false;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.knownAt(i) == KnownHeader.CONNECTION) {
                String options = headers.valueAt(i);
                close |= hasElement(options, "close");
                keepAlive |= hasElement(options, "keep-alive");
                head.upgrade |= hasElement(options, "upgrade");
            }
        }
        head.keepAlive = !close && (head.keepAlive || keepAlive);
    }

    private void checkHost(Http1LineParser line, ProtocolRequest request, RequestHeaders headers)
            throws RejectedRequestException {
        String host = headers.get(KnownHeader.HOST);
        if (host == null) {
            if (!line.isHttp10()) {
                throw RequestRejectionReason.MISSING_HOST_HEADER.exception();
            }
            host = "";
        } else if (host != lastHost) {
            if (HostSyntax.isValid(host)) {
                lastHost = host;
            } else if (!hostOverride || line.target().scheme.isEmpty()) {
                throw RequestRejectionReason.INVALID_HOST_HEADER.exception();
            }
        }
        Http1TargetParser target = line.target();
        if (!target.authority.isEmpty()) {
            host = reconcile(host, target, headers);
        }
        request.setHost(host);
    }

    /** RFC 9112 section 3.2.2: with an absolute-form target, Host must say the same. */
    private String reconcile(String host, Http1TargetParser target, RequestHeaders headers)
            throws RejectedRequestException {
        boolean absolute = !target.scheme.isEmpty();
        boolean same =
                absolute
                        ? HostSyntax.sameAuthority(host, target.authority, target.scheme)
                        : host.equalsIgnoreCase(target.authority);
        // A client of HTTP/1.0 may leave Host out.
        if (same || !headers.contains(KnownHeader.HOST)) {
            return target.authority;
        }
        if (!absolute || !hostOverride) {
            throw RequestRejectionReason.INVALID_HOST_HEADER.exception();
        }
        headers.set(KnownHeader.HOST, target.authority);
        return target.authority;
    }

    private void readFraming(String method, RequestHeaders headers, Http1RequestHead head)
            throws RejectedRequestException {
        head.chunked = false;
        head.contentLength = headers.contentLength();
        if (headers.contains(KnownHeader.TRANSFER_ENCODING)) {
            readTransferEncoding(headers, head);
        } else if (head.http10
                && head.contentLength < 0
                && (method.equals("POST") || method.equals("PUT"))) {
            throw RequestRejectionReason.LENGTH_REQUIRED_HTTP10.exception();
        }
    }

    private void readTransferEncoding(RequestHeaders headers, Http1RequestHead head)
            throws RejectedRequestException {
        if (head.http10 && !options.allowTransferEncodingOnHttp10()) {
            throw RequestRejectionReason.TRANSFER_ENCODING_ON_HTTP10.exception();
        }
        if (head.contentLength >= 0) {
            if (!options.allowContentLengthWithTransferEncoding()) {
                throw RequestRejectionReason.CONTENT_LENGTH_WITH_TRANSFER_ENCODING.exception();
            }
            // As the original: the body goes by Transfer-Encoding, and nothing is read after it.
            headers.set("X-Content-Length", Long.toString(head.contentLength));
            headers.remove(KnownHeader.CONTENT_LENGTH);
            head.contentLength = -1;
            head.keepAlive = false;
        }
        if (isChunkedAlone(headers)) {
            head.chunked = true;
            return;
        }
        boolean chunkedLast = false;
        boolean others = false;
        for (String coding : FieldLists.elements(headers, KnownHeader.TRANSFER_ENCODING)) {
            others |= chunkedLast;
            chunkedLast = FieldLists.isWord(coding, "chunked");
            others |= !chunkedLast;
        }
        if (!chunkedLast) {
            throw RequestRejectionReason.FINAL_TRANSFER_CODING_NOT_CHUNKED.exception();
        }
        if (others && !options.allowOtherTransferCodings()) {
            throw RequestRejectionReason.UNKNOWN_TRANSFER_CODING.exception();
        }
        head.chunked = true;
    }

    /** Whether the one transfer coding is chunked: the rule, for which nothing is taken apart. */
    private static boolean isChunkedAlone(HttpHeaders headers) {
        int lines = 0;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.knownAt(i) == KnownHeader.TRANSFER_ENCODING) {
                if (!FieldLists.isWord(headers.valueAt(i), "chunked")) {
                    return false;
                }
                lines++;
            }
        }
        return lines == 1;
    }

    private static void readExpectation(HttpHeaders headers, Http1RequestHead head)
            throws RejectedRequestException {
        // RFC 9110 section 10.1.1: a server ignores the expectation of an HTTP/1.0 request.
        head.expectsContinue =
                !head.http10 && FieldLists.expectsContinue(headers) && head.hasBody();
    }

    private static boolean listContains(HttpHeaders headers, KnownHeader header, String wanted) {
        return FieldLists.elements(headers, header).stream()
                .anyMatch(
                        element ->
                                FieldLists.isWord(
                                        FieldLists.trim(element.split(";", 2)[0]), wanted));
    }

    /** Whether an element is in a list, without a text for each element. */
    private static boolean hasElement(String list, String element) {
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int end = comma < 0 ? list.length() : comma;
            int at = from;
            while (at < end && FieldLists.isSpace(list.charAt(at))) {
                at++;
            }
            int to = end;
            while (to > at && FieldLists.isSpace(list.charAt(to - 1))) {
                to--;
            }
            if (FieldLists.isWord(list, at, to, element)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }
}
