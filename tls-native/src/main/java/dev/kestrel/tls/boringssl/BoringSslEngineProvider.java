package dev.kestrel.tls.boringssl;

import dev.kestrel.connections.tls.TlsEngineFactory;
import dev.kestrel.connections.tls.TlsEngineProvider;
import dev.kestrel.connections.tls.TlsEngineSettings;

import io.netty.handler.ssl.OpenSsl;

import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;

/**
 * Makes engines of BoringSSL, by the name {@code boringssl}. Where its native library is missing or
 * can not be loaded it says so once, and the JDK's engine is used. Safe for use by any thread.
 */
public final class BoringSslEngineProvider implements TlsEngineProvider {

    /** Made by {@link java.util.ServiceLoader}. */
    public BoringSslEngineProvider() {}

    /** Looks for the library when it is first asked for. */
    private static final class Library {

        static final boolean AVAILABLE = load();

        private Library() {}

        private static boolean load() {
            boolean available = OpenSsl.isAvailable();
            System.Logger log = System.getLogger(BoringSslEngineProvider.class.getName());
            if (available) {
                log.log(Level.DEBUG, () -> "TLS by " + OpenSsl.versionString());
            } else {
                Throwable cause = OpenSsl.unavailabilityCause();
                log.log(
                        Level.WARNING,
                        () ->
                                "BoringSSL does not work here, TLS is left to Java: "
                                        + reason(cause));
                log.log(Level.DEBUG, "Why BoringSSL does not work here", cause);
            }
            return available;
        }
    }

    @Override
    public String name() {
        return "boringssl";
    }

    @Override
    public boolean isAvailable() {
        return Library.AVAILABLE;
    }

    /** What went wrong is often told by the last cause alone. */
    static String reason(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    @Override
    public TlsEngineFactory prepare(TlsEngineSettings settings) throws GeneralSecurityException {
        return new BoringSslEngineFactory(BoringSslContexts.make(settings));
    }
}
