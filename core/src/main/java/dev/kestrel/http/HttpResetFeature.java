package dev.kestrel.http;

/**
 * Ends a request with a code of the protocol, where there is one: HTTP/2 and HTTP/3 (the original's
 * {@code IHttpResetFeature}).
 */
public interface HttpResetFeature {

    /**
     * Ends the request's stream at once: what was not sent yet is dropped, reading and writing
     * throw {@link dev.kestrel.connections.StreamResetException}. After the response was completed,
     * the reset follows its end. Only the first call counts. May be called from any thread.
     *
     * @param errorCode a code of the version, such as CANCEL: 8 in HTTP/2 (RFC 9113 section 7)
     * @throws IllegalArgumentException when the version has no such codes: in HTTP/2 they are from
     *     0 to 2^32-1, in HTTP/3 to 2^62-1
     */
    void reset(long errorCode);
}
