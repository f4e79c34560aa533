package dev.kestrel.internal.tls;

import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.TimeProvider;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Turns the description of a certificate into one that is ready to be shown. */
public final class CertificateLoader {

    private CertificateLoader() {}

    /**
     * Reads and checks a certificate.
     *
     * @param configurationKey how messages call it, such as {@code https.certificate}
     * @param clock tells whether it has ended
     */
    public static LoadedCertificate load(
            ServerCertificate certificate, String configurationKey, TimeProvider clock)
            throws CertificateLoadException {
        List<CertificateFile> files = read(certificate, configurationKey);
        return load(certificate, files, configurationKey, clock.now());
    }

    /** The files that a certificate comes from; none when it comes from memory. */
    static List<Path> paths(ServerCertificate certificate) {
        // A switch over types takes some milliseconds of each start, here and below.
        if (certificate instanceof ServerCertificate.PemFiles pem) {
            return pem.chain().equals(pem.key())
                    ? List.of(pem.chain())
                    : List.of(pem.chain(), pem.key());
        }
        return certificate instanceof ServerCertificate.KeyStoreFile store
                ? List.of(store.file())
                : List.of();
    }

    /** Reads all {@link #paths}, and judges nothing. */
    static List<CertificateFile> read(ServerCertificate certificate, String configurationKey)
            throws CertificateLoadException {
        List<Path> paths = paths(certificate);
        List<CertificateFile> files = new ArrayList<>();
        for (Path path : paths) {
            String role =
                    certificate instanceof ServerCertificate.KeyStoreFile
                            ? CertificateFile.KEY_STORE
                            : files.isEmpty() ? CertificateFile.CERTIFICATES : CertificateFile.KEY;
            files.add(CertificateFile.read(role, path, configurationKey));
        }
        return files;
    }

    /** Makes a certificate of what {@link #read} has brought. */
    static LoadedCertificate load(
            ServerCertificate certificate,
            List<CertificateFile> files,
            String configurationKey,
            Instant now)
            throws CertificateLoadException {
        if (certificate instanceof ServerCertificate.PemFiles pem) {
            return pem(pem, files.getFirst(), files.getLast(), now);
        }
        if (certificate instanceof ServerCertificate.KeyStoreFile store) {
            return KeyStoreReader.load(files.getFirst(), store, now);
        }
        if (certificate instanceof ServerCertificate.KeyAndChain memory) {
            return CertificateChecks.check(
                    memory.key(), memory.chain(), Origin.memory(configurationKey), now);
        }
        return new LoadedCertificate.Context(((ServerCertificate.Context) certificate).context());
    }

    private static LoadedCertificate pem(
            ServerCertificate.PemFiles source,
            CertificateFile chainFile,
            CertificateFile keyFile,
            Instant now)
            throws CertificateLoadException {
        FileContent chain = FileContent.of(chainFile);
        List<X509Certificate> certificates = chain.certificates();
        if (certificates.isEmpty()) {
            throw noCertificate(chain);
        }
        FileContent keys = keyFile == chainFile ? chain : FileContent.of(keyFile);
        PrivateKey key = PrivateKeyReader.read(keys, certificates, source.password());
        LoadedCertificate.KeyAndChain checked =
                CertificateChecks.check(key, certificates, Origin.files(chainFile, keyFile), now);
        List<String> warnings = new ArrayList<>(checked.warnings());
        for (FileContent each : keys == chain ? List.of(chain) : List.of(chain, keys)) {
            if (each.textBehind() > 0) {
                warnings.add(
                        each.file().subject()
                                + " has text behind its last block, from line "
                                + each.textBehind()
                                + " on, which is ignored: check that nothing is missing.");
            }
        }
        return new LoadedCertificate.KeyAndChain(
                key, checked.chain(), checked.dnsNames(), warnings);
    }

    private static CertificateLoadException noCertificate(FileContent content) {
        CertificateFile file = content.file();
        if (content.has("CERTIFICATE REQUEST") || content.has("NEW CERTIFICATE REQUEST")) {
            return file.problem(
                    "holds a request for a certificate, not a certificate: name the file that the"
                            + " authority has answered with.");
        }
        if (content.has("PKCS7")) {
            return file.problem(
                    "holds certificates in PKCS#7: convert it with \"openssl pkcs7 -print_certs"
                            + " -in OLD -out NEW\" (and -inform DER when it is binary).");
        }
        if (content.has("TRUSTED CERTIFICATE")) {
            return file.problem(
                    "holds a certificate in a form of OpenSSL's own: convert it with \"openssl"
                            + " x509 -in OLD -out NEW\".");
        }
        if (!content.privateKeys().isEmpty()) {
            return file.problem(
                    "holds a private key and no certificate: add the certificate, or swap the"
                            + " files when they are the wrong way round.");
        }
        return file.problem("holds no certificate: name the file with the certificate.");
    }
}
