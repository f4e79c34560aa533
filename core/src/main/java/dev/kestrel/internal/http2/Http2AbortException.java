package dev.kestrel.internal.http2;

/**
 * The connection ends for abuse: GOAWAY says the highest stream, so that nothing is tried again on
 * another connection because it seemed not to have been looked at.
 */
final class Http2AbortException extends Http2ConnectionException {

    private static final long serialVersionUID = 1L;

    Http2AbortException(String why) {
        super(Http2ErrorCode.ENHANCE_YOUR_CALM, "Enough: " + why);
    }
}
