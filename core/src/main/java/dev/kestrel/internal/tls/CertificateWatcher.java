package dev.kestrel.internal.tls;

import dev.kestrel.options.ServerCertificate;
import dev.kestrel.options.TimeProvider;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The current certificate of one description, loaded again when its files change.
 *
 * <p>{@link #current()} is for any thread and costs a volatile read; a reload shows in it as
 * another object. {@link #check()} reads files and belongs on a thread that may wait for them.
 *
 * <p>A pair of files can not be replaced at once, so a check may find a new chain beside an old
 * key. It keeps what it has then, and the next check finds the pair complete.
 */
public final class CertificateWatcher {

    private final ServerCertificate source;
    private final String configurationKey;
    private final TimeProvider clock;
    private final System.Logger log;
    private final List<Path> paths;

    private volatile LoadedCertificate current;

    /** Hands the fields below from one check to the next. */
    private final AtomicBoolean checking = new AtomicBoolean();

    /** What the current certificate was made of. */
    private String currentContent;

    /** What was looked at last, whether it could be used or not. */
    private String seenContent;

    private List<FileStamp> seenStamps;

    /**
     * Whether the content was read after its stamps had been seen before. A file that is written
     * twice within a tick of the file system's clock has the same stamp with another content.
     */
    private boolean settled;

    private @Nullable String unreadable;
    private Validity.State validity;

    private CertificateWatcher(
            ServerCertificate source,
            String configurationKey,
            TimeProvider clock,
            System.Logger log)
            throws CertificateLoadException {
        this.source = source;
        this.configurationKey = configurationKey;
        this.clock = clock;
        this.log = log;
        paths = CertificateLoader.paths(source);
        seenStamps = stamps();
        List<CertificateFile> files = CertificateLoader.read(source, configurationKey);
        Instant now = clock.now();
        current = CertificateLoader.load(source, files, configurationKey, now);
        currentContent = digest(files);
        seenContent = currentContent;
        validity = state(current, now);
        warn(current);
    }

    /**
     * Loads a certificate, and logs its warnings.
     *
     * @param configurationKey how messages call it, such as {@code https.certificate}
     * @param clock tells whether it has ended
     */
    public static CertificateWatcher open(
            ServerCertificate source, String configurationKey, TimeProvider clock)
            throws CertificateLoadException {
        return open(
                source,
                configurationKey,
                clock,
                System.getLogger(CertificateWatcher.class.getName()));
    }

    static CertificateWatcher open(
            ServerCertificate source,
            String configurationKey,
            TimeProvider clock,
            System.Logger log)
            throws CertificateLoadException {
        return new CertificateWatcher(source, configurationKey, clock, log);
    }

    /** The certificate to show. */
    public LoadedCertificate current() {
        return current;
    }

    /** Whether it comes from files, so that {@link #check()} can find something new. */
    public boolean isWatchable() {
        return !paths.isEmpty();
    }

    /**
     * Loads the certificate again when its files have changed, and warns when its time runs out.
     * What can not be used is logged once, and the old one stays. Never throws; a call while
     * another one runs does nothing.
     */
    public void check() {
        if (!checking.compareAndSet(false, true)) {
            return;
        }
        try {
            Instant now = clock.now();
            if (isWatchable()) {
                checkFiles(now);
            }
            checkDates(now);
        } catch (RuntimeException e) {
            log.log(
                    Level.WARNING,
                    "The certificate of " + configurationKey + " could not be checked",
                    e);
        } finally {
            checking.set(false);
        }
    }

    private void checkFiles(Instant now) {
        // Before reading: what changes in between is found by the next check.
        List<FileStamp> stamps = stamps();
        boolean sameStamps = stamps.equals(seenStamps);
        if (sameStamps && settled) {
            return;
        }
        seenStamps = stamps;
        settled = sameStamps;
        List<CertificateFile> files;
        try {
            files = CertificateLoader.read(source, configurationKey);
        } catch (CertificateLoadException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(unreadable)) {
                unreadable = reason;
                keep(reason);
            }
            return;
        }
        unreadable = null;
        String content = digest(files);
        if (content.equals(seenContent)) {
            return;
        }
        seenContent = content;
        if (!content.equals(currentContent)) {
            reload(files, content, now);
        }
    }

    private void reload(List<CertificateFile> files, String content, Instant now) {
        LoadedCertificate loaded;
        try {
            loaded = CertificateLoader.load(source, files, configurationKey, now);
        } catch (CertificateLoadException e) {
            keep(String.valueOf(e.getMessage()));
            return;
        }
        current = loaded;
        currentContent = content;
        validity = state(loaded, now);
        if (loaded instanceof LoadedCertificate.KeyAndChain certificate) {
            log.log(
                    Level.INFO,
                    "Reloaded the certificate of "
                            + configurationKey
                            + " from "
                            + source
                            + ": "
                            + DisplayNames.of(certificate.leaf())
                            + ", until "
                            + certificate.leaf().getNotAfter().toInstant());
        }
        warn(loaded);
    }

    private void keep(String reason) {
        log.log(
                Level.WARNING,
                "The changed certificate of "
                        + configurationKey
                        + " is not used, and the one from before stays. "
                        + reason);
    }

    private void warn(LoadedCertificate loaded) {
        for (String warning : loaded.warnings()) {
            log.log(Level.WARNING, warning);
        }
    }

    /** A certificate that nobody renews is told about once more when it gets worse. */
    private void checkDates(Instant now) {
        if (!(current instanceof LoadedCertificate.KeyAndChain certificate)) {
            return;
        }
        Validity found = Validity.of(certificate.chain(), now);
        if (found.state() == validity) {
            return;
        }
        validity = found.state();
        String name =
                "The certificate of " + configurationKey + (isWatchable() ? " from " + source : "");
        String warning = found.warning(name, certificate.chain());
        if (warning != null) {
            log.log(Level.WARNING, warning);
        }
    }

    private static Validity.State state(LoadedCertificate loaded, Instant now) {
        return loaded instanceof LoadedCertificate.KeyAndChain certificate
                ? Validity.of(certificate.chain(), now).state()
                : Validity.State.FINE;
    }

    private List<FileStamp> stamps() {
        return paths.stream().map(FileStamp::of).toList();
    }

    /** Stands for the content of the files, so that no second copy of a key lies in memory. */
    private static String digest(List<CertificateFile> files) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
        StringBuilder all = new StringBuilder();
        for (CertificateFile file : files) {
            all.append(HexFormat.of().formatHex(sha256.digest(file.bytes()))).append(' ');
        }
        return all.toString();
    }
}
