package dev.kestrel.internal.http1;

import dev.kestrel.internal.protocol.HostSyntax;
import dev.kestrel.internal.protocol.PathDecoder;
import dev.kestrel.internal.protocol.ProtocolRequest;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads the request target in its four forms (RFC 9112 section 3.2) and keeps what it found. */
final class Http1TargetParser {

    String raw = "";
    String path = "";
    String query = "";

    /**
     * The authority that an absolute-form or authority-form target names, without user information;
     * else empty.
     */
    String authority = "";

    /** The scheme of an absolute-form target; else empty. */
    String scheme = "";

    /**
     * Reads a target.
     *
     * @param array visible ASCII
     * @throws RejectedRequestException when it is malformed, or its form does not go with the
     *     method
     */
    void parse(String method, byte[] array, int from, int to) throws RejectedRequestException {
        raw = new String(array, from, to - from, StandardCharsets.ISO_8859_1);
        path = "";
        query = "";
        authority = "";
        scheme = "";
        byte first = array[from];
        if (method.equals("CONNECT")) {
            authorityForm(method);
        } else if (first == '/') {
            pathAndQuery(array, from, to);
        } else if (first == '*' && to - from == 1) {
            if (!method.equals("OPTIONS")) {
                throw RequestRejectionReason.OPTIONS_METHOD_REQUIRED.exception();
            }
        } else if (hasScheme("http://") || hasScheme("https://")) {
            absoluteForm(method, array, from, to);
        } else {
            authorityForm(method);
        }
    }

    private boolean hasScheme(String prefix) {
        return raw.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private void authorityForm(String method) throws RejectedRequestException {
        if (!HostSyntax.isValid(raw)) {
            throw RequestRejectionReason.INVALID_REQUEST_TARGET.exception();
        }
        if (!method.equals("CONNECT")) {
            throw RequestRejectionReason.CONNECT_METHOD_REQUIRED.exception();
        }
        authority = raw;
    }

    private void absoluteForm(String method, byte[] array, int from, int to)
            throws RejectedRequestException {
        int begin = raw.indexOf("://") + 3;
        scheme = raw.substring(0, begin - 3).toLowerCase(Locale.ROOT);
        int end = begin;
        while (end < raw.length() && raw.charAt(end) != '/' && raw.charAt(end) != '?') {
            end++;
        }
        // User information is dropped (RFC 9110 section 4.2.4 has it deprecated).
        authority =
                raw.substring(
                        raw.lastIndexOf('@', end - 1) + 1 > begin
                                ? raw.lastIndexOf('@', end - 1) + 1
                                : begin,
                        end);
        if (authority.isEmpty() || !HostSyntax.isValid(authority) || authority.startsWith(":")) {
            throw RequestRejectionReason.INVALID_REQUEST_TARGET.exception();
        }
        if (from + end < to && array[from + end] == '/') {
            pathAndQuery(array, from + end, to);
        } else {
            // RFC 9110 section 7.1: an OPTIONS without a path is for the server as a whole.
            path = method.equals("OPTIONS") && end == raw.length() ? "" : "/";
            query = raw.substring(end);
        }
    }

    private void pathAndQuery(byte[] array, int from, int to) throws RejectedRequestException {
        int question = ByteScan.indexOf(array, from, to, (byte) '?');
        int end = question < 0 ? to : question;
        path = PathDecoder.decode(array, from, end);
        if (question < 0) {
            query = "";
            if (path.length() == raw.length() && path.equals(raw)) {
                // One text instead of two.
                path = raw;
            }
        } else {
            query = new String(array, question, to - question, StandardCharsets.ISO_8859_1);
        }
    }

    void applyTo(ProtocolRequest request) {
        request.setTarget(raw, path, query);
    }
}
