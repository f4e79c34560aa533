package dev.kestrel.http;

import dev.kestrel.connections.DuplexPipe;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Answers {@code CONNECT} with a stream of bytes each way (RFC 9110 section 9.3.6). */
public interface HttpConnectFeature {

    /**
     * Whether the request is a {@code CONNECT}.
     *
     * @return true when {@link #accept()} may be called
     */
    boolean isConnect();

    /**
     * The protocol that an extended {@code CONNECT} names (RFC 8441).
     *
     * @return its {@code :protocol}, or {@code null} for an ordinary one
     */
    @Nullable String protocol();

    /**
     * Answers with the response's status, which must be 2xx, and its header fields, and gives the
     * stream.
     *
     * @return what the client sends from now on, and the way back
     * @throws IOException when the client has gone
     * @throws IllegalStateException when it is no {@code CONNECT} or the response has started
     */
    DuplexPipe accept() throws IOException;
}
