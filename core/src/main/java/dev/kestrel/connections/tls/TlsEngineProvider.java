package dev.kestrel.connections.tls;

import java.security.GeneralSecurityException;

/**
 * Makes TLS engines. The JDK's own is always there; another that a module brings is found by {@link
 * java.util.ServiceLoader} and used instead when it {@linkplain #isAvailable() is available}.
 */
public interface TlsEngineProvider {

    /**
     * The name in logs and configuration.
     *
     * @return a short word in lower case, such as {@code jdk}
     */
    String name();

    /**
     * Whether it works on this machine.
     *
     * @return false when something is missing, such as a native library
     */
    boolean isAvailable();

    /**
     * Prepares engines for one certificate. What clients need to resume a session is kept with the
     * factory.
     *
     * @param settings what holds for all of its engines
     * @return a factory, which lives as long as somebody uses it
     * @throws GeneralSecurityException when key and settings do not go together
     */
    TlsEngineFactory prepare(TlsEngineSettings settings) throws GeneralSecurityException;
}
