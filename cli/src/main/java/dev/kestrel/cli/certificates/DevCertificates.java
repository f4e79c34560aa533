package dev.kestrel.cli.certificates;

import dev.kestrel.cli.certificates.CertificateIssuer.Issued;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The directory of the development certificate: an authority, which is kept, and a certificate that
 * is made anew when it ends or lacks a name. Commands that run at the same time wait for each
 * other.
 */
public final class DevCertificates {

    static final String AUTHORITY = "ca.pem";
    static final String AUTHORITY_KEY = "ca.key";
    static final String CERTIFICATE = "localhost.pem";
    static final String KEY = "localhost.key";

    /** What ends sooner is made anew. */
    private static final Duration SOON = Duration.ofDays(30);

    /** A file is locked by process, so threads of this one need a lock of their own. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final Path directory;
    private final Clock clock;

    /**
     * Names the directory; nothing is read or made yet.
     *
     * @param directory where the files are, or will be
     * @param clock tells what has ended
     */
    public DevCertificates(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * Where a user's data is (the XDG Base Directory Specification).
     *
     * @param environment the variables of the process
     * @param home the user's home directory
     * @return {@code $XDG_DATA_HOME/kestrel}, or {@code ~/.local/share/kestrel}
     */
    public static Path defaultDirectory(Map<String, String> environment, Path home) {
        String data = environment.get("XDG_DATA_HOME");
        // "All paths set in these environment variables must be absolute", and others are ignored.
        return data != null && Path.of(data).isAbsolute()
                ? Path.of(data, "kestrel")
                : home.resolve(".local").resolve("share").resolve("kestrel");
    }

    /**
     * The certificate for at least these names; what is missing is made.
     *
     * @param names what it has to be for
     * @param force makes a new authority and a new certificate, for exactly these names
     * @return the certificate
     * @throws IOException when files can not be read or written; the message says which
     * @throws GeneralSecurityException when a file holds something else, or the authority may not
     *     certify a name; the message says what to do
     */
    public DevCertificate ensure(Set<HostName> names, boolean force)
            throws IOException, GeneralSecurityException {
        PrivateFiles.makeDirectory(directory);
        THREADS.lock();
        try (FileChannel channel = PrivateFiles.lockFile(directory.resolve(".lock"));
                FileLock _ = channel.lock()) {
            return force ? make(null, names) : ensure(names);
        } finally {
            THREADS.unlock();
        }
    }

    private DevCertificate ensure(Set<HostName> names)
            throws IOException, GeneralSecurityException {
        X509Certificate authority = authority();
        if (authority == null) {
            return make(null, names);
        }
        X509Certificate certificate = certificate(authority);
        // A name that was asked for once stays.
        Set<HostName> all =
                certificate == null
                        ? names
                        : HostName.all(DevCertificate.names(certificate), names);
        if (endsSoon(authority)) {
            return make(null, all);
        }
        if (certificate != null
                && !endsSoon(certificate)
                && hasKey(certificate)
                && DevCertificate.names(certificate).containsAll(names)) {
            return new DevCertificate(authority, certificate, directory, false, false);
        }
        if (!CertificateIssuer.permits(authority, all)) {
            throw new GeneralSecurityException(
                    "the authority in "
                            + directory
                            + " was not made for all of these names; --force makes a new one, which"
                            + " then has to be trusted again");
        }
        return make(new Issued(authority, authorityKey(authority)), all);
    }

    private DevCertificate make(@Nullable Issued kept, Set<HostName> names)
            throws IOException, GeneralSecurityException {
        CertificateIssuer issuer = new CertificateIssuer(Instant.now(clock));
        Issued authority = kept;
        if (authority == null) {
            authority = issuer.authority(names);
            PrivateFiles.writeSecret(directory.resolve(AUTHORITY_KEY), Pem.of(authority.key()));
            PrivateFiles.write(directory.resolve(AUTHORITY), Pem.of(authority.certificate()));
        }
        Issued server = issuer.server(authority, names);
        // The key first: whoever sees the new certificate finds its key.
        PrivateFiles.writeSecret(directory.resolve(KEY), Pem.of(server.key()));
        PrivateFiles.write(directory.resolve(CERTIFICATE), Pem.of(server.certificate()));
        return new DevCertificate(
                authority.certificate(), server.certificate(), directory, kept == null, true);
    }

    /**
     * The authority that is there.
     *
     * @return its certificate, or {@code null} when none was made
     * @throws IOException when it can not be read
     * @throws GeneralSecurityException when the file holds something else
     */
    public @Nullable X509Certificate authority() throws IOException, GeneralSecurityException {
        Path file = directory.resolve(AUTHORITY);
        try {
            return Pem.certificate(read(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw unreadable(file, e);
        }
    }

    private PrivateKey authorityKey(X509Certificate authority)
            throws IOException, GeneralSecurityException {
        Path file = directory.resolve(AUTHORITY_KEY);
        try {
            PrivateKey key = Pem.key(read(file));
            if (belong(key, authority.getPublicKey())) {
                return key;
            }
            throw new GeneralSecurityException("holds the key of another authority");
        } catch (NoSuchFileException e) {
            throw unreadable(file, new GeneralSecurityException("is missing", e));
        } catch (GeneralSecurityException e) {
            throw unreadable(file, e);
        }
    }

    private static GeneralSecurityException unreadable(Path file, GeneralSecurityException e) {
        String why =
                e.getMessage() != null && e.getMessage().matches("(holds|is) .*")
                        ? e.getMessage()
                        : "holds no readable certificate";
        return new GeneralSecurityException(
                file + " " + why + "; --force makes a new authority and a new certificate", e);
    }

    /** The server's certificate, when it is there and comes from this authority. */
    private @Nullable X509Certificate certificate(X509Certificate authority) throws IOException {
        try {
            X509Certificate certificate = Pem.certificate(read(directory.resolve(CERTIFICATE)));
            certificate.verify(authority.getPublicKey());
            return certificate;
        } catch (NoSuchFileException | GeneralSecurityException e) {
            return null; // made anew
        }
    }

    private boolean hasKey(X509Certificate certificate) throws IOException {
        try {
            return belong(Pem.key(read(directory.resolve(KEY))), certificate.getPublicKey());
        } catch (NoSuchFileException | GeneralSecurityException e) {
            return false;
        }
    }

    /** Whatever the bytes are: what is no PEM is found out later. */
    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private boolean endsSoon(X509Certificate certificate) {
        Instant now = Instant.now(clock);
        return certificate.getNotAfter().toInstant().isBefore(now.plus(SOON))
                || certificate.getNotBefore().toInstant().isAfter(now);
    }

    /** Whether what one signs the other accepts. */
    private static boolean belong(PrivateKey key, PublicKey other) throws GeneralSecurityException {
        byte[] text = {1, 2, 3};
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(other);
        signature.update(text);
        return signature.verify(signed);
    }
}
