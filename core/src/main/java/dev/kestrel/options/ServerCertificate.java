package dev.kestrel.options;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLContext;

/**
 * Where the certificate of a server and its private key come from. A description: no file is read
 * before the server starts, and files are looked for then, seen from the directory that the program
 * runs in.
 *
 * <p>Certificates that come from files are read again when the files change, without a restart.
 *
 * <p>Immutable. {@link Object#toString()} names files, never a password and never a key.
 */
public sealed interface ServerCertificate {

    /**
     * A certificate and its key in two PEM files, such as {@code fullchain.pem} and {@code
     * privkey.pem}.
     *
     * @param chain the server's certificate and those of the authorities between it and a root
     * @param key the private key: PKCS#8, PKCS#1 or SEC1, encrypted or not
     * @return a description
     */
    static PemFiles pem(Path chain, Path key) {
        return new PemFiles(chain, key, null);
    }

    /**
     * A certificate and its key in one PEM file.
     *
     * @param both the file with the certificates and the private key
     * @return a description
     */
    static PemFiles pem(Path both) {
        return new PemFiles(both, both, null);
    }

    /**
     * A certificate and its key in a PKCS#12 file, such as {@code server.p12} or {@code
     * server.pfx}.
     *
     * @param file the file
     * @param password the password of the file; empty when it has none
     * @return a description
     */
    static KeyStoreFile pkcs12(Path file, String password) {
        return keyStore(file, password);
    }

    /**
     * A certificate and its key in a key store: PKCS#12, JKS or JCEKS, which the file's content
     * tells.
     *
     * @param file the file
     * @param password the password of the store
     * @return a description
     */
    static KeyStoreFile keyStore(Path file, String password) {
        return new KeyStoreFile(file, password, null, null);
    }

    /**
     * A certificate and its key that the program has already.
     *
     * @param key the private key; it may live in hardware
     * @param chain the server's certificate and those of the authorities between it and a root
     * @return a description
     * @throws IllegalArgumentException when the chain is empty
     */
    static KeyAndChain of(PrivateKey key, List<X509Certificate> chain) {
        return new KeyAndChain(key, chain);
    }

    /**
     * A context that the program has set up, with everything in it: the certificate, the key, and
     * whom it trusts. It is used as it is.
     *
     * @param context an initialized context
     * @return a description
     */
    static Context of(SSLContext context) {
        return new Context(context);
    }

    /**
     * PEM files.
     *
     * @param chain the file with the certificates
     * @param key the file with the private key; may be the same
     * @param password the password of the private key, or {@code null} when it is not encrypted
     */
    record PemFiles(Path chain, Path key, @Nullable String password) implements ServerCertificate {

        /**
         * Checks that both files are named.
         *
         * @param chain the file with the certificates
         * @param key the file with the private key; may be the same
         * @param password the password of the private key, or {@code null} when it is not encrypted
         */
        public PemFiles {
            Objects.requireNonNull(chain, "chain");
            Objects.requireNonNull(key, "key");
        }

        /**
         * The same with the password of an encrypted private key. It is ignored when the key is not
         * encrypted.
         *
         * @param password the password
         * @return a description
         */
        public PemFiles withPassword(String password) {
            return new PemFiles(chain, key, Objects.requireNonNull(password, "password"));
        }

        /**
         * The same with the password of an encrypted private key.
         *
         * @param password the password; it is copied, because the files may be read again later
         * @return a description
         */
        public PemFiles withPassword(char[] password) {
            return withPassword(new String(password));
        }

        @Override
        public String toString() {
            return chain.equals(key) ? "PEM file " + chain : "PEM files " + chain + " and " + key;
        }
    }

    /**
     * A key store.
     *
     * @param file the file
     * @param password the password of the store
     * @param keyPassword the password of the entry, or {@code null} when it is the store's
     * @param alias the name of the entry, or {@code null} when the store has only one with a key
     */
    record KeyStoreFile(
            Path file, String password, @Nullable String keyPassword, @Nullable String alias)
            implements ServerCertificate {

        /**
         * Checks that the file and its password are there.
         *
         * @param file the file
         * @param password the password of the store
         * @param keyPassword the password of the entry, or {@code null} when it is the store's
         * @param alias the name of the entry, or {@code null} when the store has only one with a
         *     key
         */
        public KeyStoreFile {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(password, "password");
        }

        /**
         * The same with the name of the entry that holds the key. Needed when several entries do.
         *
         * @param alias the name
         * @return a description
         */
        public KeyStoreFile withAlias(String alias) {
            return new KeyStoreFile(
                    file, password, keyPassword, Objects.requireNonNull(alias, "alias"));
        }

        /**
         * The same with a password of the entry that is not the password of the store.
         *
         * @param keyPassword the password of the entry
         * @return a description
         */
        public KeyStoreFile withKeyPassword(String keyPassword) {
            return new KeyStoreFile(
                    file, password, Objects.requireNonNull(keyPassword, "keyPassword"), alias);
        }

        @Override
        public String toString() {
            return "key store " + file + (alias == null ? "" : ", entry " + alias);
        }
    }

    /**
     * A key and its certificates in memory.
     *
     * @param key the private key
     * @param chain the certificates
     */
    record KeyAndChain(PrivateKey key, List<X509Certificate> chain) implements ServerCertificate {

        /**
         * Copies the chain.
         *
         * @param key the private key
         * @param chain the certificates
         * @throws IllegalArgumentException when the chain is empty
         */
        public KeyAndChain {
            Objects.requireNonNull(key, "key");
            chain = List.copyOf(chain);
            if (chain.isEmpty()) {
                throw new IllegalArgumentException(
                        "The chain has no certificate: it needs at least the server's own");
            }
        }

        @Override
        public String toString() {
            return "certificate of " + chain.getFirst().getSubjectX500Principal();
        }
    }

    /**
     * A context that the program has set up.
     *
     * @param context the context
     */
    record Context(SSLContext context) implements ServerCertificate {

        /**
         * Checks that there is one.
         *
         * @param context the context
         */
        public Context {
            Objects.requireNonNull(context, "context");
        }

        @Override
        public String toString() {
            return "SSLContext (" + context.getProtocol() + ")";
        }
    }
}
