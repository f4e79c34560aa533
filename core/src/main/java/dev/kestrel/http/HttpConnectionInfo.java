package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;

/** Where a request came in (the original's {@code IHttpConnectionFeature}). */
public interface HttpConnectionInfo {

    /**
     * The name of the connection in logs.
     *
     * @return a short text, unique in this process
     */
    String id();

    /**
     * This side's address.
     *
     * @return the address, or {@code null} when the transport has none
     */
    @Nullable SocketAddress localAddress();

    /**
     * The client's address, or the one that a trusted proxy named.
     *
     * @return the address, or {@code null} when the transport has none
     */
    @Nullable SocketAddress remoteAddress();
}
