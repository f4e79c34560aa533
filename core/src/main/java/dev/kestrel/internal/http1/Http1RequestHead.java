package dev.kestrel.internal.http1;

/** What a request's head says about the connection and the body, for {@link Http1Connection}. */
final class Http1RequestHead {

    /** Whether the version is HTTP/1.0. */
    boolean http10;

    /** Whether the connection goes on after the response, as far as the request is concerned. */
    boolean keepAlive;

    /** Whether the client offers another protocol. */
    boolean upgrade;

    /** Whether the client waits for 100 Continue before it sends the body. */
    boolean expectsContinue;

    /** Whether the client takes trailers. */
    boolean acceptsTrailers;

    /** Whether the body is chunked. */
    boolean chunked;

    /** The length of the body; -1 when there is none or it is not known. */
    long contentLength;

    /** Whether there may be a body. */
    boolean hasBody() {
        return chunked || contentLength > 0;
    }
}
