package dev.kestrel.quic;

import dev.kestrel.connections.tls.TlsEngineSettings;

import org.jspecify.annotations.Nullable;

import java.security.cert.CertificateException;

/** What is known of a handshake: the name that the client wants and what was chosen for it. */
final class Handshake {

    private final TlsHosts hosts;
    private volatile @Nullable String serverName;
    private volatile @Nullable TlsEngineSettings settings;
    private volatile boolean checked;

    Handshake(TlsHosts hosts) {
        this.hosts = hosts;
    }

    /** The name is known, and a certificate was chosen for it. On the loop. */
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

    void certificateWasChecked() {
        checked = true;
    }

    /** Whether the client's certificate was checked in this handshake, and not before it. */
    boolean isCertificateChecked() {
        return checked;
    }
}
