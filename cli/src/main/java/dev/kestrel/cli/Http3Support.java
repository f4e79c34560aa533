package dev.kestrel.cli;

import dev.kestrel.connections.multiplexed.MultiplexedTransportProvider;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Whether this installation can serve HTTP/3. */
final class Http3Support {

    private Http3Support() {}

    /** Looks for a transport that works here. */
    static boolean isThere() {
        try {
            return ServiceLoader.load(MultiplexedTransportProvider.class).stream()
                    .anyMatch(provider -> provider.get().unavailable() == null);
        } catch (ServiceConfigurationError e) {
            return false;
        }
    }
}
