package dev.kestrel.internal.protocol;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.options.KestrelServerOptions;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * What the pseudo-header fields mean together (RFC 9113 sections 8.3.1 and 8.5, RFC 9114 sections
 * 4.3.1 and 4.4, RFC 8441 section 4). Methods return what is wrong, or {@code null}.
 */
// Repeated fields are the same objects out of the table of the compression, and are not looked at
// again.
@SuppressWarnings("ReferenceEquality")
final class RequestHeadRules {

    static final String TOO_LONG = "The pseudo-header fields are too long";

    private final String version;
    private final String transportScheme;
    private final boolean alternateSchemes;
    private final boolean requiresHost;
    private final int maxRequestLineSize;
    private final PathAndQuery target = new PathAndQuery();
    private String lastMethod = "GET";
    private String lastHost = "";

    RequestHeadRules(
            KestrelServerOptions options,
            String version,
            String transportScheme,
            boolean requiresHost) {
        this.requiresHost = requiresHost;
        this.version = version;
        this.transportScheme = transportScheme;
        alternateSchemes = options.allowAlternateSchemes();
        maxRequestLineSize = options.limits().maxRequestLineSize();
    }

    /** Checks the pseudo-header fields and Host, and tells the request what they say. */
    @Nullable String apply(RequestHead head, ProtocolRequest request) {
        String method = head.method;
        if (method == null || !isMethod(method)) {
            return method == null ? ":method is missing" : ":method is not a token";
        }
        String wrong = checkHost(head, request);
        if (wrong != null) {
            return wrong;
        }
        if (head.protocol != null) {
            wrong = checkProtocol(method, head.protocol);
        } else if (method.equals("CONNECT")) {
            return applyConnect(head, request);
        }
        return wrong != null ? wrong : applyTarget(method, head, request);
    }

    /** Tells the request what is known of a head that is not looked at any further. */
    void applyPartly(RequestHead head, ProtocolRequest request) {
        String method = head.method;
        request.setLine(method != null && isMethod(method) ? method : "", version, transportScheme);
        request.setHost("");
        if (head.path != null && target.parse(head.path)) {
            target.applyTo(request);
        } else {
            request.setTarget("", "", "");
        }
    }

    private boolean isMethod(String method) {
        if (method != lastMethod) {
            if (!FieldSyntax.isToken(method)) {
                return false;
            }
            lastMethod = method;
        }
        return true;
    }

    /**
     * RFC 9113 section 8.3.1: who has {@code :authority} must not look at Host. Applications do, so
     * it is made to say the same.
     */
    private @Nullable String checkHost(RequestHead head, ProtocolRequest request) {
        RequestHeaders headers = request.mutableHeaders();
        String host = head.authority;
        if (host == null || host.isEmpty()) {
            if (head.hosts > 1) {
                return "There are several Host fields and no :authority";
            }
            String field = headers.get(KnownHeader.HOST);
            host = field == null ? "" : field;
        }
        if (requiresHost) {
            String wrong = checkSaidOnce(head, host, headers);
            if (wrong != null) {
                return wrong;
            }
        }
        if (host != lastHost) {
            if (!HostSyntax.isValid(host)) {
                return ":authority or Host is not a host and port";
            }
            lastHost = host;
        }
        if (head.hosts == 0) {
            if (!host.isEmpty()) {
                headers.append(KnownHeader.HOST, KnownHeader.HOST.wireName(), host);
            }
        } else if (head.hosts > 1 || !host.equals(headers.get(KnownHeader.HOST))) {
            headers.set(KnownHeader.HOST, host);
        }
        request.setHost(host);
        return null;
    }

    /** RFC 9114 section 4.3.1: present, not empty, and the same in both places. */
    private static @Nullable String checkSaidOnce(
            RequestHead head, String host, RequestHeaders headers) {
        if (host.isEmpty() || (head.authority != null && head.authority.isEmpty())) {
            return "There is neither :authority nor Host, or one is empty";
        }
        if (head.hosts > 1 || (head.hosts == 1 && !host.equals(headers.get(KnownHeader.HOST)))) {
            return "Host is not what :authority says";
        }
        return null;
    }

    /** RFC 8441 section 4: the name of a protocol, perhaps with a version. */
    private static @Nullable String checkProtocol(String method, String protocol) {
        if (!method.equals("CONNECT")) {
            return ":protocol is for CONNECT alone";
        }
        for (int i = 0; i < protocol.length(); i++) {
            char c = protocol.charAt(i);
            if (!FieldSyntax.isTokenCharacter(c) && c != '/') {
                return ":protocol is not the name of a protocol";
            }
        }
        return protocol.isEmpty() ? ":protocol is empty" : null;
    }

    /** RFC 9113 section 8.5. */
    private @Nullable String applyConnect(RequestHead head, ProtocolRequest request) {
        if (head.scheme != null || head.path != null) {
            return "CONNECT has :scheme or :path";
        }
        String host = request.host();
        if ("CONNECT".length() + host.length() > maxRequestLineSize) {
            return TOO_LONG;
        }
        request.setLine("CONNECT", version, transportScheme);
        request.setTarget(host, "", "");
        return null;
    }

    private @Nullable String applyTarget(String method, RequestHead head, ProtocolRequest request) {
        String scheme = head.scheme;
        String path = head.path;
        if (scheme == null || path == null) {
            return scheme == null ? ":scheme is missing" : ":path is missing";
        }
        if (scheme == transportScheme || FieldLists.isWord(scheme, transportScheme)) {
            scheme = transportScheme;
        } else if (!alternateSchemes || !isScheme(scheme)) {
            return ":scheme is not that of the connection";
        } else {
            scheme = scheme.toLowerCase(Locale.ROOT);
        }
        // What a request line would have, as in the original.
        int size = method.length() + scheme.length() + request.host().length() + path.length();
        if (size > maxRequestLineSize) {
            return TOO_LONG;
        }
        if (path.equals("*") && method.equals("OPTIONS")) {
            request.setTarget("*", "", "");
        } else if (target.parse(path)) {
            target.applyTo(request);
        } else {
            return ":path is malformed";
        }
        request.setLine(method, version, scheme);
        return null;
    }

    /** RFC 3986 section 3.1. */
    private static boolean isScheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (!letter && (i == 0 || !other)) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
