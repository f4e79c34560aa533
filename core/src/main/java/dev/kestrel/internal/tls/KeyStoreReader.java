package dev.kestrel.internal.tls;

import dev.kestrel.options.ServerCertificate.KeyStoreFile;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStore.PrivateKeyEntry;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds the key and the certificates in a key store. No I/O. */
final class KeyStoreReader {

    private final CertificateFile file;
    private final KeyStoreFile source;

    private KeyStoreReader(CertificateFile file, KeyStoreFile source) {
        this.file = file;
        this.source = source;
    }

    static LoadedCertificate load(CertificateFile file, KeyStoreFile source, Instant now)
            throws CertificateLoadException {
        KeyStoreReader reader = new KeyStoreReader(file, source);
        KeyStore store = reader.open();
        try {
            return reader.entry(store, reader.alias(store), now);
        } catch (KeyStoreException e) {
            throw new IllegalStateException("The store is loaded", e);
        }
    }

    private KeyStore open() throws CertificateLoadException {
        KeyStoreFormat format = KeyStoreFormat.of(file.bytes());
        switch (format) {
            case PKCS12, JKS, JCEKS -> {}
            case PEM ->
                    throw file.problem(
                            "is a PEM file: configure it as PEM, with the file of its key.");
            case UNKNOWN ->
                    throw file.problem(
                            "is not a key store (PKCS#12, JKS or JCEKS): correct the path, or"
                                    + " configure its certificate and key as PEM files.");
        }
        char[] password = source.password().toCharArray();
        try {
            KeyStore store = KeyStore.getInstance(format.name());
            store.load(new ByteArrayInputStream(file.bytes()), password);
            return store;
        } catch (IOException e) {
            // KeyStore.load: "If the error is due to a wrong password, the cause of the
            // IOException should be an UnrecoverableKeyException."
            throw e.getCause() instanceof UnrecoverableKeyException
                    ? file.problem("is not opened by its password: correct the password.")
                    : damaged();
        } catch (GeneralSecurityException e) {
            throw damaged();
        }
    }

    private CertificateLoadException damaged() {
        return file.problem("is damaged or not a key store: copy or make it again.");
    }

    private String alias(KeyStore store) throws KeyStoreException, CertificateLoadException {
        List<String> all = Collections.list(store.aliases());
        List<String> withKey = new ArrayList<>();
        for (String each : all) {
            if (store.entryInstanceOf(each, PrivateKeyEntry.class)) {
                withKey.add(each);
            }
        }
        if (withKey.isEmpty()) {
            throw file.problem(
                    "holds no private key"
                            + (all.isEmpty() ? "" : ", only " + quoted(all))
                            + ": put the certificate's key into it.");
        }
        String wanted = source.alias();
        if (wanted == null) {
            if (withKey.size() > 1) {
                throw file.problem(
                        "has several entries with a private key: choose one of the aliases "
                                + quoted(withKey)
                                + ".");
            }
            return withKey.getFirst();
        }
        // Aliases of most stores do not tell upper from lower case, which the store knows.
        if (!store.containsAlias(wanted)) {
            throw file.problem(
                    "has no entry '"
                            + DisplayNames.printable(wanted)
                            + "': choose one of the aliases "
                            + quoted(withKey)
                            + ".");
        }
        if (!store.entryInstanceOf(wanted, PrivateKeyEntry.class)) {
            throw file.problem(
                    "has no private key in its entry '"
                            + DisplayNames.printable(wanted)
                            + "': choose one of the aliases "
                            + quoted(withKey)
                            + ".");
        }
        return wanted;
    }

    private LoadedCertificate entry(KeyStore store, String alias, Instant now)
            throws KeyStoreException, CertificateLoadException {
        String name = DisplayNames.printable(alias);
        String own = source.keyPassword();
        PrivateKey key = key(store, alias, own == null ? source.password() : own);
        if (key == null) {
            throw file.problem(
                    "has an entry '"
                            + name
                            + "' whose key has another password: correct the password of the"
                            + " entry, or give it when it differs from that of the store.");
        }
        List<X509Certificate> chain = new ArrayList<>();
        Certificate[] stored = store.getCertificateChain(alias);
        for (Certificate each : stored == null ? new Certificate[0] : stored) {
            if (each instanceof X509Certificate certificate) {
                chain.add(certificate);
            }
        }
        if (chain.isEmpty()) {
            throw file.problem(
                    "has no certificate for the key of its entry '" + name + "': add it.");
        }
        return CertificateChecks.check(key, chain, Origin.entry(file, name), now);
    }

    /** The key, or {@code null} when the password does not open it. */
    private static @Nullable PrivateKey key(KeyStore store, String alias, String password)
            throws KeyStoreException {
        try {
            return store.getKey(alias, password.toCharArray()) instanceof PrivateKey key
                    ? key
                    : null;
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private static String quoted(List<String> aliases) {
        return String.join(
                ", ",
                aliases.stream()
                        .sorted()
                        .map(each -> "'" + DisplayNames.printable(each) + "'")
                        .toList());
    }
}
