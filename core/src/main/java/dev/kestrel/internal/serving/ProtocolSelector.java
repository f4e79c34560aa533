package dev.kestrel.internal.serving;

import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.RequestProcessor;

import java.io.IOException;

/** Chooses the HTTP engine of a connection. */
@FunctionalInterface
interface ProtocolSelector {

    /**
     * Makes the engine. On the connection's thread. Does not wait for the client: nobody could end
     * that wait, for timeouts and a stop reach an engine only. What has to see bytes in order to
     * decide is an engine itself, that looks without consuming and passes on to another.
     *
     * @throws IOException when the transport failed meanwhile
     */
    RequestProcessor select(HttpConnectionContext context) throws IOException;
}
