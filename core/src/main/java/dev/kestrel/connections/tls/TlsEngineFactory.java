package dev.kestrel.connections.tls;

/** Makes the engines of connections with one certificate. Safe for use by any thread. */
@FunctionalInterface
public interface TlsEngineFactory {

    /**
     * Makes an engine for one connection.
     *
     * @return an engine for the server's side that has not begun
     */
    TlsEngine create();
}
