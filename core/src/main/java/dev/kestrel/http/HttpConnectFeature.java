package dev.kestrel.http;

import dev.kestrel.connections.DuplexPipe;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Answers {@code CONNECT} with a stream of bytes each way (RFC 9110 section 9.3.6). In HTTP/1.1 it
 * is the whole connection, which is closed when the handler returns; in HTTP/2 it is the request's
 * stream, and the others go on. Body limits and data rates no longer apply to it.
 */
public interface HttpConnectFeature {

    /**
     * Whether the request is a {@code CONNECT}.
     *
     * @return true when {@link #accept()} may be called
     */
    boolean isConnect();

    /**
     * The protocol that an extended {@code CONNECT} names (RFC 8441), such as {@code websocket}.
     * HTTP/2 and HTTP/3 only.
     *
     * @return its {@code :protocol}, or {@code null} for an ordinary one and in HTTP/1.1
     */
    @Nullable String protocol();

    /**
     * Answers with the response's status, which must be 2xx, and its header fields, and gives the
     * stream. Any other status is an ordinary response, without this method. Completing the output
     * ends this side; what the handler leaves open ends when it returns, and when it throws in
     * HTTP/2 or HTTP/3 the stream is reset.
     *
     * @return what the client sends from now on, and the way back
     * @throws IOException when the client has gone
     * @throws IllegalStateException when it is no {@code CONNECT} or the response has started
     */
    DuplexPipe accept() throws IOException;
}
