package dev.kestrel.internal.protocol;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.options.KestrelServerOptions;

import org.jspecify.annotations.Nullable;

/**
 * Takes the fields of a request as HTTP/2 and HTTP/3 have them (RFC 9113 section 8, RFC 9114
 * section 4): regular fields go to the request, pseudo-header fields stay here until {@link #apply}
 * makes them a request. The first thing that is wrong is remembered and the rest is dropped; the
 * section has to be decoded to its end all the same.
 *
 * <p>One serves section after section, on one thread at a time.
 */
public abstract class RequestHead {

    /** What is counted for a field beside its octets (RFC 9113 section 6.5.2). */
    private static final int FIELD_OVERHEAD = 32;

    private final RequestHeadRules rules;
    private final FieldValues values;
    private final CookieCrumbs cookies = new CookieCrumbs();

    private @Nullable RequestHeaders into;
    private boolean trailers;
    private long headerBytes;
    private int regularFields;
    private @Nullable String malformed;

    // The pseudo-header fields, for the rules.
    @Nullable String method;
    @Nullable String scheme;
    @Nullable String authority;
    @Nullable String path;
    @Nullable String protocol;

    /** How many Host fields there are. */
    int hosts;

    private @Nullable String priority;
    private boolean expectsContinue;
    private long contentLength = -1;

    /**
     * Makes a head.
     *
     * @param version what the application sees as protocol
     * @param transportScheme {@code http} or {@code https}
     * @param requiresHost whether a request must say its host, and that once: by {@code
     *     :authority}, Host or both alike (RFC 9114 section 4.3.1)
     */
    protected RequestHead(
            KestrelServerOptions options,
            String version,
            String transportScheme,
            boolean requiresHost) {
        rules = new RequestHeadRules(options, version, transportScheme, requiresHost);
        values = new FieldValues(options);
    }

    /** Gets ready for the section that opens a request. */
    public final void beginRequest(RequestHeaders headers) {
        begin(headers, false);
    }

    /** Gets ready for a trailer section. */
    public final void beginTrailers(RequestHeaders headers) {
        begin(headers, true);
    }

    /** Gets ready for a section that is decoded for the sake of the compression alone. */
    public final void beginDiscard() {
        begin(null, false);
    }

    private void begin(@Nullable RequestHeaders headers, boolean areTrailers) {
        into = headers;
        trailers = areTrailers;
        headerBytes = 0;
        regularFields = 0;
        malformed = null;
        method = null;
        scheme = null;
        authority = null;
        path = null;
        protocol = null;
        hosts = 0;
        priority = null;
        expectsContinue = false;
        contentLength = -1;
        cookies.begin();
    }

    /**
     * Counts a field.
     *
     * @return whether it is to be taken
     */
    protected final boolean count(int nameLength, int valueLength) {
        headerBytes += nameLength + valueLength + FIELD_OVERHEAD;
        return into != null && malformed == null;
    }

    /**
     * Takes a pseudo-header field, whose value is for the rules.
     *
     * @param name which, or {@code null} for one that requests do not have
     */
    protected final void takePseudo(@Nullable PseudoField name, String value) {
        malformed = pseudo(name, value);
    }

    /**
     * Takes a regular field.
     *
     * @param wellFormed whether its name is a token in lower case
     * @param known which known header it is
     * @param name its name as it came
     * @param value one character an octet
     */
    protected final void takeRegular(
            boolean wellFormed, @Nullable KnownHeader known, String name, String value) {
        RequestHeaders fields = into;
        if (fields != null) {
            malformed = regular(wellFormed, known, name, value, fields);
        }
    }

    /** RFC 9113 section 8.3; returns what is wrong. */
    private @Nullable String pseudo(@Nullable PseudoField name, String value) {
        if (trailers) {
            return "A trailer section has a pseudo-header field";
        }
        if (regularFields > 0) {
            return "A pseudo-header field comes after a regular field";
        }
        if (name == null) {
            return "There is a pseudo-header field that requests do not have";
        }
        String before;
        switch (name) {
            case METHOD -> {
                before = method;
                method = value;
            }
            case PATH -> {
                before = path;
                path = value;
            }
            case SCHEME -> {
                before = scheme;
                scheme = value;
            }
            case AUTHORITY -> {
                before = authority;
                authority = value;
            }
            default -> {
                before = protocol;
                protocol = value;
            }
        }
        return before == null ? null : "A pseudo-header field occurs twice";
    }

    private @Nullable String regular(
            boolean wellFormed,
            @Nullable KnownHeader known,
            String name,
            String value,
            RequestHeaders fields) {
        if (!wellFormed) {
            return "The name of a field is not a token in lower case";
        }
        String text = known == null ? name : known.wireName();
        String checked = values.check(regularFields++, text, value);
        if (checked == null) {
            return "The value of a field has octets that it can not have";
        }
        if (known == null) {
            fields.append(null, text, checked);
            return null;
        }
        return takeKnown(known, checked, fields);
    }

    private @Nullable String takeKnown(KnownHeader known, String value, RequestHeaders fields) {
        switch (known) {
            case CONNECTION, PROXY_CONNECTION, KEEP_ALIVE, TRANSFER_ENCODING, UPGRADE -> {
                return "There is a connection-specific field";
            }
            case TE -> {
                // RFC 9113 section 8.2.2, RFC 9114 section 4.2.
                if (!value.equals("trailers")) {
                    return "TE has another value than trailers";
                }
            }
            case CONTENT_LENGTH -> {
                return trailers ? null : takeContentLength(value, fields);
            }
            case HOST -> {
                // RFC 9110 section 6.5.1: not a field for trailers, as it would change routing.
                if (trailers) {
                    return null;
                }
                hosts++;
            }
            case COOKIE -> {
                if (!trailers) {
                    cookies.add(value);
                    return null;
                }
            }
            case PRIORITY -> priority = priority == null ? value : priority + ", " + value;
            default -> {}
        }
        fields.append(known, known.wireName(), value);
        return null;
    }

    /** As over HTTP/1.1: digits, once. */
    private @Nullable String takeContentLength(String value, RequestHeaders fields) {
        if (contentLength >= 0) {
            return "Content-Length occurs twice";
        }
        contentLength = FieldSyntax.parseDigits(value);
        if (contentLength < 0) {
            return "Content-Length is not a number";
        }
        fields.appendLength(contentLength, value);
        return null;
    }

    /** The octets of all names and values of this section, and 32 a field. */
    public final long headerBytes() {
        return headerBytes;
    }

    /** What is wrong with the fields of this section, or {@code null}. */
    public final @Nullable String malformed() {
        return malformed;
    }

    /**
     * Makes the section a request, once it is complete.
     *
     * @param endStream whether nothing follows the section
     * @return what makes it malformed (RFC 9113 section 8.1.1, RFC 9114 section 4.1.2), or {@code
     *     null}
     * @throws RejectedRequestException when it is not malformed, but deserves a status other than
     *     the application's; the request is complete enough to be answered
     */
    protected final @Nullable String apply(ProtocolRequest request, boolean endStream)
            throws RejectedRequestException {
        if (malformed != null) {
            return malformed;
        }
        String joined = cookies.join();
        if (joined != null) {
            request.mutableHeaders()
                    .append(KnownHeader.COOKIE, KnownHeader.COOKIE.wireName(), joined);
        }
        malformed = rules.apply(this, request);
        if (malformed == null && endStream && contentLength > 0) {
            malformed = "Content-Length announces a body, but there is none";
        }
        if (malformed == null) {
            expectsContinue =
                    FieldLists.expectsContinue(request.headers()) && !endStream && !isConnect();
        }
        return malformed;
    }

    /**
     * Tells the request as much as is known of one that is answered without being looked at any
     * further, as when it has too many fields.
     */
    public final void applyPartly(ProtocolRequest request) {
        rules.applyPartly(this, request);
    }

    /** Whether the method, scheme, host and path together are longer than a request line may be. */
    public final boolean isTooLong() {
        return RequestHeadRules.TOO_LONG.equals(malformed);
    }

    /** Whether it is a CONNECT, ordinary or extended. */
    public final boolean isConnect() {
        return "CONNECT".equals(method);
    }

    /** The protocol of an extended CONNECT (RFC 8441), or {@code null}. */
    public final @Nullable String protocol() {
        return protocol;
    }

    /** How long the body is; -1 when that is not known, or it is a tunnel. */
    public final long contentLength() {
        return isConnect() ? -1 : contentLength;
    }

    /** Whether the client waits for 100 Continue before it sends the body. */
    public final boolean expectsContinue() {
        return expectsContinue;
    }

    /** The Priority field (RFC 9218 section 5), or {@code null}. */
    public final @Nullable String priority() {
        return priority;
    }
}
