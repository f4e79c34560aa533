package dev.kestrel.http;

import dev.kestrel.connections.DuplexPipe;

import java.io.IOException;

/**
 * Leaves HTTP for another protocol on the same connection (RFC 9110 section 7.8). HTTP/1.1 only.
 */
public interface HttpUpgradeFeature {

    /**
     * Whether the client offered it: {@code Connection: upgrade}, an {@code Upgrade} field and no
     * body.
     *
     * @return true when {@link #upgrade()} may be called
     */
    boolean isUpgradable();

    /**
     * Answers 101 with the response's header fields and gives the raw connection. It is closed when
     * the handler returns. Body limits, data rates and the limit of ordinary connections no longer
     * apply.
     *
     * @return what the client sends after its request, and the way back
     * @throws BadHttpRequestException with 503 when there are {@code
     *     maxConcurrentUpgradedConnections} already
     * @throws IOException when the client has gone
     * @throws IllegalStateException when the client did not offer it, or the response has started
     */
    DuplexPipe upgrade() throws IOException;
}
