package dev.kestrel.internal.http3;

import dev.kestrel.http.HttpResetFeature;

/**
 * Lets the application of one stream reset it. An application that keeps this beyond its request
 * does not reach the next one, which the same {@link Http3Stream} may serve.
 */
record Http3StreamReset(Http3Stream stream, long streamId) implements HttpResetFeature {

    @Override
    public void reset(long errorCode) {
        if (errorCode < 0 || errorCode > VarInt.MAX) {
            throw new IllegalArgumentException(
                    "An error code of HTTP/3 is from 0 to 2^62-1, not " + errorCode);
        }
        if (stream.streamId() == streamId) {
            stream.resetByApplication(errorCode);
        }
    }
}
