package dev.kestrel.internal.protocol;

/**
 * Why a request is refused, and with which status (the original's type of the same name, and some
 * more).
 */
public enum RequestRejectionReason {
    TLS_OVER_HTTP(400, "The client speaks TLS to an endpoint that speaks clear text"),
    UNRECOGNIZED_HTTP_VERSION(505, "The version of HTTP is not supported"),
    INVALID_REQUEST_LINE(400, "The request line is malformed"),
    INVALID_REQUEST_HEADER(400, "A header field is malformed"),
    INVALID_REQUEST_HEADERS_NO_CRLF(400, "The header fields do not end in an empty line"),
    MALFORMED_REQUEST_INVALID_HEADERS(
            400, "The value of a header field has bytes that it can not have"),
    INVALID_CHARACTERS_IN_HEADER_NAME(
            400, "The name of a header field has characters that it can not have"),
    INVALID_CONTENT_LENGTH(400, "Content-Length is not a number"),
    MULTIPLE_CONTENT_LENGTHS(400, "There are several Content-Length fields"),
    CONTENT_LENGTH_WITH_TRANSFER_ENCODING(
            400, "There are both Content-Length and Transfer-Encoding"),
    INVALID_REQUEST_TARGET(400, "The request target is malformed"),
    REQUEST_LINE_TOO_LONG(414, "The request line is too long"),
    HEADERS_EXCEED_MAX_TOTAL_SIZE(431, "The header fields are too large"),
    TOO_MANY_HEADERS(431, "There are too many header fields"),
    REQUEST_BODY_TOO_LARGE(413, "The request body is too large"),
    REQUEST_HEADERS_TIMEOUT(408, "The header fields did not come in time"),
    REQUEST_BODY_TIMEOUT(408, "The request body comes too slowly"),
    FINAL_TRANSFER_CODING_NOT_CHUNKED(400, "The last transfer coding is not chunked"),
    TRANSFER_ENCODING_ON_HTTP10(400, "HTTP/1.0 has no Transfer-Encoding"),
    UNKNOWN_TRANSFER_CODING(501, "The transfer coding is not supported"),
    LENGTH_REQUIRED_HTTP10(400, "An HTTP/1.0 request with a body needs a Content-Length"),
    OPTIONS_METHOD_REQUIRED(405, "The target * is for OPTIONS alone"),
    CONNECT_METHOD_REQUIRED(405, "A target of host and port is for CONNECT alone"),
    MISSING_HOST_HEADER(400, "There is no Host field"),
    MULTIPLE_HOST_HEADERS(400, "There are several Host fields"),
    INVALID_HOST_HEADER(400, "The Host field is malformed or contradicts the target"),
    UNSUPPORTED_EXPECTATION(417, "The expectation is not 100-continue"),
    BAD_CHUNK_SUFFIX(400, "Chunk data do not end in CRLF"),
    BAD_CHUNK_SIZE_DATA(400, "A chunk size is malformed"),
    BAD_CHUNK_EXTENSION(400, "A chunk extension is malformed or too long"),
    UNSUPPORTED_CHARSET(415, "The charset of the body is not known"),
    UNEXPECTED_END_OF_REQUEST_CONTENT(400, "The request body ended early");

    private final int status;
    private final String message;

    RequestRejectionReason(int status, String message) {
        this.status = status;
        this.message = message;
    }

    /** What the client is answered. */
    public int status() {
        return status;
    }

    /** What was wrong. */
    public String message() {
        return message;
    }

    /** The {@code Allow} field of the answer, or an empty text. */
    public String allow() {
        return switch (this) {
            case OPTIONS_METHOD_REQUIRED -> "OPTIONS";
            case CONNECT_METHOD_REQUIRED -> "CONNECT";
            default -> "";
        };
    }

    /** The exception to throw. */
    public RejectedRequestException exception() {
        return new RejectedRequestException(this);
    }
}
