package dev.kestrel.connections;

/** What is done with a connection: the end of a connection pipeline, or all of it. */
@FunctionalInterface
public interface ConnectionDelegate {

    /**
     * Serves a connection and returns when it is done with it. Called on a virtual thread of the
     * connection's own; it may block.
     *
     * @param connection the connection, open until this returns
     * @throws Exception when the connection failed; it is closed then, and the server goes on
     */
    void run(ConnectionContext connection) throws Exception;
}
