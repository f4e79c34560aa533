package dev.kestrel.quic;

import dev.kestrel.connections.tls.TlsEngineSettings;

import org.jspecify.annotations.Nullable;

import java.security.cert.CertificateException;

/**
 * What is known of a handshake: the name that the client wants and what was chosen for it. The
 * loop's own.
 */
final class Handshake {

    private final TlsHosts hosts;
    private @Nullable String serverName;
    private @Nullable TlsEngineSettings settings;

    Handshake(TlsHosts hosts) {
        this.hosts = hosts;
    }

    /** The name is known, and a certificate was chosen for it. */
    void named(@Nullable String name) {
        serverName = name;
        settings = hosts.settings(name);
    }

    @Nullable String serverName() {
        return serverName;
    }

    /** What was chosen, also for a client that names no host. */
    TlsEngineSettings settings() throws CertificateException {
        TlsEngineSettings chosen = settings;
        if (chosen == null) {
            chosen = hosts.settings(serverName);
            settings = chosen;
        }
        if (chosen == null) {
            throw new CertificateException("Nothing is served by the name " + serverName);
        }
        return chosen;
    }
}
