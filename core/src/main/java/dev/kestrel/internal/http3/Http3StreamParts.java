package dev.kestrel.internal.http3;

import dev.kestrel.internal.protocol.HttpMultiplexedConnectionContext;
import dev.kestrel.internal.protocol.ResponseFieldRules;

import java.io.IOException;

/**
 * What the streams of a connection share.
 *
 * @param context what the connection was given
 * @param bounds how much it may ask for
 * @param streams where they are counted
 * @param qpack the compression
 * @param rules what responses may have
 * @param guards what says enough
 * @param clock the time of the connection
 * @param events who is told what concerns the connection
 */
record Http3StreamParts(
        HttpMultiplexedConnectionContext context,
        Http3Bounds bounds,
        Http3Streams streams,
        Http3QPack qpack,
        ResponseFieldRules rules,
        Http3Guards guards,
        Http3Deadline.Clock clock,
        Events events) {

    /** What streams bring about. From any thread. */
    interface Events {

        /** The client has done what the connection does not survive. */
        void connectionFailed(Http3ConnectionException error);

        /** A stream that the client must end for all others did end. */
        void criticalStreamClosed(String which, IOException reason);

        /** The client takes a response too slowly. */
        void responseTooSlow();

        /** A stream has ended. */
        void streamServed();

        /** Something failed that should not. */
        void failed(Throwable error);
    }
}
