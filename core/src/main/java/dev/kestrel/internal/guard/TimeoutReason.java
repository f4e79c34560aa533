package dev.kestrel.internal.guard;

/** What took too long. */
public enum TimeoutReason {
    /** No request came on an idle connection. */
    KEEP_ALIVE,
    /** A request's head, or the trailers behind its body, did not come in time. */
    REQUEST_HEADERS,
    /**
     * A header block of HTTP/2 did not end in time; the bodies of other streams are timed beside.
     */
    HEADER_BLOCK,
    /** The rest of a body that the application left unread did not come in time. */
    REQUEST_BODY_DRAIN,
    /** A request body came slower than the minimum rate. */
    READ_DATA_RATE,
    /** A response was taken slower than the minimum rate. */
    WRITE_DATA_RATE,
    /** A timeout that connection middleware set. */
    FEATURE
}
