package dev.kestrel.internal.tls;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.tls.TlsClientHello;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.ServerCertificateSelector;
import dev.kestrel.options.SniOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Chooses what a client gets by the name that it wants: the name itself, then the longest pattern
 * that fits, then what the endpoint has (the original's type of the same name). Safe for use by any
 * thread.
 */
final class SniOptionsSelector {

    /** How many certificates of a callback are kept ready. */
    private static final int KEPT = 1000;

    private final TlsHostLoader loader;
    private final Map<String, TlsHost> exact = new HashMap<>();

    /** By what follows the star. */
    private final Map<String, TlsHost> wildcards = new HashMap<>();

    private final @Nullable TlsHost fallback;
    private final @Nullable ServerCertificateSelector callback;

    private final ReentrantLock lock = new ReentrantLock();

    /** What the callback has answered, by identity, the last used at the end. Under the lock. */
    private final LinkedHashMap<Identity, TlsHost> selected =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Identity, TlsHost> eldest) {
                    return size() > KEPT;
                }
            };

    private record Identity(ServerCertificate certificate) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity that && that.certificate == certificate;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(certificate);
        }
    }

    /** Loads all certificates that are known now. */
    SniOptionsSelector(HttpsOptions options, TlsHostLoader loader)
            throws IOException, GeneralSecurityException {
        this.loader = loader;
        callback = options.certificateSelector();
        ServerCertificate common = options.certificate();
        fallback =
                common == null || options.unknownNames() == HttpsOptions.UnknownNames.REFUSE
                        ? null
                        : loader.load(common, "https.certificate", SniOptions.NONE);
        for (Map.Entry<String, SniOptions> each : options.names().entrySet()) {
            String name = each.getKey();
            ServerCertificate own = each.getValue().certificate();
            ServerCertificate certificate = own != null ? own : common;
            if (certificate == null) {
                throw new IllegalArgumentException("https.names: " + name + " has no certificate");
            }
            TlsHost host =
                    loader.load(
                            certificate,
                            own != null ? "https.names." + name : "https.certificate",
                            each.getValue());
            if (name.startsWith("*.")) {
                wildcards.put(name.substring(1), host);
            } else {
                exact.put(name, host);
            }
        }
    }

    /**
     * Chooses.
     *
     * @param connection {@code null} for QUIC
     * @return {@code null} to refuse the client
     */
    @Nullable TlsHost select(@Nullable ConnectionContext connection, @Nullable TlsClientHello hello)
            throws IOException, GeneralSecurityException {
        if (callback != null) {
            return hello == null ? null : call(callback, connection, hello);
        }
        String name = hello == null ? null : hello.serverName();
        if (name != null) {
            TlsHost host = exact.get(name);
            // The longest first: each dot from the left.
            for (int dot = name.indexOf('.'); host == null && dot > 0; ) {
                host = wildcards.get(name.substring(dot));
                dot = name.indexOf('.', dot + 1);
            }
            if (host != null) {
                return host;
            }
        }
        return fallback;
    }

    private @Nullable TlsHost call(
            ServerCertificateSelector chooser,
            @Nullable ConnectionContext connection,
            TlsClientHello hello)
            throws IOException, GeneralSecurityException {
        ServerCertificate certificate = chooser.select(connection, hello);
        if (certificate == null) {
            return null;
        }
        Identity key = new Identity(certificate);
        TlsHost host;
        lock.lock();
        try {
            host = selected.get(key);
        } finally {
            lock.unlock();
        }
        if (host == null) {
            host = loader.load(certificate, "https.certificateSelector", SniOptions.NONE);
            lock.lock();
            try {
                selected.put(key, host);
            } finally {
                lock.unlock();
            }
        }
        return host;
    }

    /** All that were configured; those of a callback are not known. */
    List<TlsHost> configured() {
        List<TlsHost> all = new ArrayList<>(exact.values());
        all.addAll(wildcards.values());
        if (fallback != null) {
            all.add(fallback);
        }
        return all;
    }

    /** Looks for new files. On a thread that may wait for them. */
    void check() {
        List<TlsHost> all = configured();
        lock.lock();
        try {
            all.addAll(selected.values());
        } finally {
            lock.unlock();
        }
        all.forEach(TlsHost::check);
    }
}
