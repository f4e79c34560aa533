package dev.kestrel.internal.protocol;

import dev.kestrel.http.HttpHeaders;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The way back to the client: what {@link ProtocolResponse} has decided, in the bytes of one HTTP
 * version (the original's {@code IHttpOutputProducer}). Used by the thread of one request at a
 * time. Nothing has to be on its way before {@link #flush}.
 */
public interface HttpOutputProducer {

    /** Writes an interim response and sends it. */
    void writeInformational(int status, @Nullable HttpHeaders fields) throws IOException;

    /**
     * Writes status and header fields.
     *
     * @param response what to write
     * @param length the length of the body when it is known, else -1
     * @throws IllegalStateException when the fields can not be sent; nothing was written then
     */
    void writeHead(ProtocolResponse response, long length) throws IOException;

    /**
     * Writes a part of the body. Large parts may be sent at once. The array is the caller's again
     * when this returns.
     */
    void writeBody(byte[] source, int offset, int count) throws IOException;

    /** Ends the body, with trailers when there are any. */
    void completeBody(@Nullable HttpHeaders trailers) throws IOException;

    /** Sends what was written, and waits while the client is slower. */
    void flush() throws IOException;
}
