package dev.kestrel.connections;

/**
 * Lets a connection stop counting against {@code limits.maxConcurrentConnections} before it ends,
 * because it left HTTP and counts elsewhere from now on. Present only while the server has such a
 * limit.
 */
public interface DecrementConcurrentConnectionCountFeature {

    /**
     * Gives the connection's place back. Only the first call counts; may be made from any thread.
     */
    void releaseConnection();
}
