package dev.kestrel.internal.http2;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.hpack.HPackSink;
import dev.kestrel.internal.protocol.ProtocolRequest;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestHeaders;
import dev.kestrel.options.KestrelServerOptions;

import org.jspecify.annotations.Nullable;

/**
 * Takes a decoded header block: regular fields go to the request, pseudo-header fields stay here
 * until {@link #apply} makes them a request. The first thing that is wrong is remembered and the
 * rest is dropped; the block has to be decoded to its end all the same.
 *
 * <p>One serves a connection, on its frame loop, block after block.
 */
final class Http2RequestHead implements HPackSink {

    private static final HPackName METHOD = HPackName.of(":method");
    private static final HPackName SCHEME = HPackName.of(":scheme");
    private static final HPackName AUTHORITY = HPackName.of(":authority");
    private static final HPackName PATH = HPackName.of(":path");
    private static final String PROTOCOL = ":protocol";

    /** What RFC 9113 section 6.5.2 counts for a field beside its octets. */
    private static final int FIELD_OVERHEAD = 32;

    private final Http2RequestRules rules;
    private final Http2FieldValues values;
    private final Http2CookieCrumbs cookies = new Http2CookieCrumbs();

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
     * Makes the head of a connection.
     *
     * @param transportScheme {@code http} or {@code https}
     */
    Http2RequestHead(KestrelServerOptions options, String transportScheme) {
        rules = new Http2RequestRules(options, transportScheme);
        values = new Http2FieldValues(options);
    }

    /** Gets ready for the block that opens a stream. */
    void beginRequest(RequestHeaders headers) {
        begin(headers, false);
    }

    /** Gets ready for a trailer section. */
    void beginTrailers(RequestHeaders headers) {
        begin(headers, true);
    }

    /** Gets ready for a block that is decoded for the sake of the dynamic table alone. */
    void beginDiscard() {
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

    @Override
    public void onField(HPackName name, String value) {
        headerBytes += name.text().length() + value.length() + FIELD_OVERHEAD;
        RequestHeaders fields = into;
        if (fields == null || malformed != null) {
            return;
        }
        malformed = name.isPseudo() ? takePseudo(name, value) : takeRegular(name, value, fields);
    }

    /** RFC 9113 section 8.3; returns what is wrong. Their values are for the rules. */
    private @Nullable String takePseudo(HPackName name, String value) {
        if (trailers) {
            return "A trailer section has a pseudo-header field";
        }
        if (regularFields > 0) {
            return "A pseudo-header field comes after a regular field";
        }
        String before;
        if (name == METHOD) {
            before = method;
            method = value;
        } else if (name == PATH) {
            before = path;
            path = value;
        } else if (name == SCHEME) {
            before = scheme;
            scheme = value;
        } else if (name == AUTHORITY) {
            before = authority;
            authority = value;
        } else if (name.text().equals(PROTOCOL)) {
            before = protocol;
            protocol = value;
        } else {
            return "There is a pseudo-header field that requests do not have";
        }
        return before == null ? null : "A pseudo-header field occurs twice";
    }

    private @Nullable String takeRegular(HPackName name, String value, RequestHeaders fields) {
        if (!name.isWellFormed()) {
            return "The name of a field is not a token in lower case";
        }
        KnownHeader known = name.known();
        String text = known == null ? name.text() : known.wireName();
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
                // RFC 9113 section 8.2.2.
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

    /** The octets of all names and values of this block, and 32 a field. */
    long headerBytes() {
        return headerBytes;
    }

    /** What is wrong with the fields of this block, or {@code null}. */
    @Nullable String malformed() {
        return malformed;
    }

    /**
     * Makes the block a request, once it is complete.
     *
     * @param endStream whether nothing follows the block
     * @throws Http2StreamException when it is malformed (RFC 9113 section 8.1.1)
     * @throws RejectedRequestException when it is not, but deserves a status other than the
     *     application's; the request is complete enough to be answered
     */
    void apply(int streamId, ProtocolRequest request, boolean endStream)
            throws Http2StreamException, RejectedRequestException {
        requireWellFormed(streamId);
        String joined = cookies.join();
        if (joined != null) {
            request.mutableHeaders()
                    .append(KnownHeader.COOKIE, KnownHeader.COOKIE.wireName(), joined);
        }
        malformed = rules.apply(this, request);
        if (malformed == null && endStream && contentLength > 0) {
            malformed = "Content-Length announces a body, but there is none";
        }
        requireWellFormed(streamId);
        expectsContinue = rules.expectsContinue(request.headers()) && !endStream && !isConnect();
    }

    /**
     * Checks a trailer section, once it is complete.
     *
     * @throws Http2StreamException when it is malformed
     */
    void applyTrailers(int streamId) throws Http2StreamException {
        requireWellFormed(streamId);
    }

    /**
     * Tells the request as much as is known of one that is answered without being looked at any
     * further, as when it has too many fields.
     */
    void applyPartly(ProtocolRequest request) {
        rules.applyPartly(this, request);
    }

    private void requireWellFormed(int streamId) throws Http2StreamException {
        if (malformed != null) {
            throw new Http2StreamException(streamId, Http2ErrorCode.PROTOCOL_ERROR, malformed);
        }
    }

    /** Whether it is a CONNECT, ordinary or extended. */
    boolean isConnect() {
        return "CONNECT".equals(method);
    }

    /** The protocol of an extended CONNECT (RFC 8441), or {@code null}. */
    @Nullable String protocol() {
        return protocol;
    }

    /** How long the body is; -1 when that is not known, or it is a tunnel. */
    long contentLength() {
        return isConnect() ? -1 : contentLength;
    }

    /** Whether the client waits for 100 Continue before it sends the body. */
    boolean expectsContinue() {
        return expectsContinue;
    }

    /** The Priority field (RFC 9218 section 5), or {@code null}. */
    @Nullable String priority() {
        return priority;
    }
}
