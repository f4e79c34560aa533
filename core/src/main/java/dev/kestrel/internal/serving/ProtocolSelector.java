package dev.kestrel.internal.serving;

import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.RequestProcessor;

import java.io.IOException;

/** Chooses the HTTP engine of a connection. */
@FunctionalInterface
interface ProtocolSelector {

    /**
     * Makes the engine. On the connection's thread; may look at the transport without consuming
     * from it.
     *
     * @throws IOException when the transport failed meanwhile
     */
    RequestProcessor select(HttpConnectionContext context) throws IOException;
}
