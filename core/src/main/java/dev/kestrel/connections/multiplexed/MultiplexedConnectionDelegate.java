package dev.kestrel.connections.multiplexed;

/** What is done with a multiplexed connection: the end of a pipeline, or all of it. */
@FunctionalInterface
public interface MultiplexedConnectionDelegate {

    /**
     * Serves a connection and returns when it is done with it. Called on a virtual thread of the
     * connection's own; it may block.
     *
     * @param connection the connection, open until this returns
     * @throws Exception when the connection failed; it is closed then, and the server goes on
     */
    void run(MultiplexedConnectionContext connection) throws Exception;
}
