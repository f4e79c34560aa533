package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.TlsEngineProvider;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the engine that does the work. */
final class TlsEngineProviders {

    private static final System.Logger LOG = System.getLogger(TlsEngineProviders.class.getName());

    private TlsEngineProviders() {}

    /**
     * The provider of a name, or the best: one that a module brings, when it works here.
     *
     * @throws IllegalArgumentException when there is none of the name, or it does not work here
     */
    static TlsEngineProvider find(@Nullable String name) {
        List<TlsEngineProvider> all = new ArrayList<>();
        try {
            ServiceLoader.load(TlsEngineProvider.class, TlsEngineProvider.class.getClassLoader())
                    .forEach(all::add);
        } catch (ServiceConfigurationError e) {
            LOG.log(Level.WARNING, "A TLS engine could not be loaded; the JDK's is used", e);
        }
        all.add(new JdkTlsEngineProvider());
        for (TlsEngineProvider each : all) {
            if (name == null ? each.isAvailable() : each.name().equals(name)) {
                if (!each.isAvailable()) {
                    throw new IllegalArgumentException(
                            "https.engine: the TLS engine '"
                                    + name
                                    + "' does not work on this machine; remove engine(...) to use the best that does");
                }
                return each;
            }
        }
        throw new IllegalArgumentException(
                "https.engine: there is no TLS engine '"
                        + name
                        + "'; there are "
                        + all.stream().map(TlsEngineProvider::name).toList());
    }
}
