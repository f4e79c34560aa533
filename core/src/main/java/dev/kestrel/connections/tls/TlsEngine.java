package dev.kestrel.connections.tls;

import javax.net.ssl.SSLEngine;

/** The engine of one connection. */
public interface TlsEngine extends AutoCloseable {

    /**
     * What wraps and unwraps. One thread may do one of them while another does the other.
     *
     * @return always the same engine
     */
    SSLEngine engine();

    /**
     * Whether it works on memory outside of the heap, and copies what is in arrays.
     *
     * @return false unless it says so
     */
    default boolean prefersDirectMemory() {
        return false;
    }

    /** Gives back memory that is not the collector's. Nobody uses the engine after that. */
    @Override
    void close();
}
