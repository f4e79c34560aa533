package dev.kestrel.conformance.h2spec;

import java.io.IOException;

/**
 * One check.
 *
 * @param name the section, the number in it, and what is sent
 * @param handshake whether the connection has exchanged its settings before
 * @param exchange what is sent, and the verdict
 */
record H2SpecCase(String name, boolean handshake, Exchange exchange) {

    /** Sends frames and fails when the server does not behave. */
    interface Exchange {
        void run(H2SpecConnection connection) throws IOException;
    }
}
