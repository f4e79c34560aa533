package dev.kestrel.internal.guard;

/** What said "enough" to a client: one for each limit that ends something. */
public enum Guard {
    /** More streams were reset than there may be: rapid reset, MadeYouReset. */
    STREAM_RESETS("streamResets"),
    /** Too many streams were refused because those that the client had reset still ran. */
    ENHANCE_YOUR_CALM("enhanceYourCalm"),
    /** A stream beyond the number that may be open. */
    REFUSED_STREAMS("refusedStreams"),
    /** Too many frames that brought nothing. */
    CONTROL_FRAMES("controlFrames"),
    /** Too many answers to frames waited for a client that does not read. */
    QUEUED_REPLIES("queuedReplies"),
    /** Too many CONTINUATION frames in a header block. */
    CONTINUATION_FRAMES("continuationFrames"),
    /** A header list too long or of too many fields. */
    HEADER_LIST("headerList"),
    /** The unfinished requests of a connection hold too many bytes of header fields. */
    LIVE_HEADER_BYTES("liveHeaderBytes"),
    /** A header block did not end in time. */
    SLOW_HEADERS("slowHeaders"),
    /** Request bodies came slower than the minimum rate. */
    SLOW_BODIES("slowBodies"),
    /** Responses were taken from the socket slower than the minimum rate. */
    SLOW_RESPONSES("slowResponses"),
    /** A client gave window for its responses slower than the minimum rate. */
    RESPONSE_STALLS("responseStalls"),
    /** A keep-alive PING was not answered. */
    PING_TIMEOUTS("pingTimeouts");

    private final String label;

    Guard(String label) {
        this.label = label;
    }

    /** What users see. */
    public String label() {
        return label;
    }
}
