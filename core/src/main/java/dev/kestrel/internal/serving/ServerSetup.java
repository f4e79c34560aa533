package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionListenerFactory;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a server is made of. Mistakes are found here, before anything is bound.
 *
 * @param options what holds for the whole server
 * @param endPoints where it listens, at least one
 * @param transports the last that can bind an endpoint gets it
 * @param memoryPool where memory comes from
 * @param application answers HTTP requests; may be missing when no endpoint speaks HTTP
 */
public record ServerSetup(
        KestrelServerOptions options,
        List<ListenOptions> endPoints,
        List<ConnectionListenerFactory> transports,
        MemoryPool memoryPool,
        @Nullable HttpHandler application) {

    /** Copies and checks. */
    public ServerSetup {
        endPoints = List.copyOf(endPoints);
        transports = List.copyOf(transports);
        Set<String> seen = new HashSet<>();
        for (ListenOptions endPoint : endPoints) {
            String name = endPoint.endPoint().toString();
            // Port 0 is another port each time.
            if (!name.endsWith(":0") && !seen.add(name)) {
                throw new IllegalArgumentException("The endpoint " + name + " is configured twice");
            }
            if (endPoint.connectionHandler() == null && application == null) {
                throw new IllegalArgumentException(
                        "The endpoint "
                                + name
                                + " speaks HTTP, but there is no handler: set one with handler(...), or give the endpoint a"
                                + " connectionHandler(...)");
            }
        }
    }
}
