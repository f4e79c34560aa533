package dev.kestrel.internal.http2;

import dev.kestrel.http.HttpResetFeature;

/**
 * Lets the application of one stream reset it. An application that keeps this beyond its request
 * does not reach the next one, which the same {@link Http2Stream} may serve.
 */
record Http2StreamReset(Http2Stream stream, int streamId) implements HttpResetFeature {

    /** RFC 9113 section 7: 32 bits. */
    private static final long MAX_ERROR_CODE = 0xffff_ffffL;

    @Override
    public void reset(long errorCode) {
        if (errorCode < 0 || errorCode > MAX_ERROR_CODE) {
            throw new IllegalArgumentException(
                    "An error code of HTTP/2 is from 0 to 4294967295, not " + errorCode);
        }
        if (stream.streamId() == streamId) {
            stream.resetByApplication(errorCode);
        }
    }
}
