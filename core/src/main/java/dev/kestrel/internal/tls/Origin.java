package dev.kestrel.internal.tls;

import java.nio.file.Path;

/**
 * Where a key and its certificates came from, in the words that messages use.
 *
 * @param key the subject of a sentence about the key
 * @param certificate the certificate, as such a sentence goes on
 * @param leaf the subject of a sentence about the certificate
 */
record Origin(String key, String certificate, String leaf) {

    static Origin files(CertificateFile chain, CertificateFile key) {
        if (chain.path().equals(key.path())) {
            return inOneFile(chain.path(), chain.configurationKey());
        }
        return new Origin(
                "The key " + key.path() + " of " + key.configurationKey(),
                "the certificate in " + chain.path(),
                "The certificate " + chain.path() + " of " + chain.configurationKey());
    }

    static Origin entry(CertificateFile store, String alias) {
        String where = "entry '" + alias + "' in " + store.path();
        return new Origin(
                "The key of " + where + " of " + store.configurationKey(),
                "the certificate of that entry",
                "The certificate of " + where + " of " + store.configurationKey());
    }

    static Origin memory(String configurationKey) {
        return new Origin(
                "The key of " + configurationKey,
                "the certificate that it was given with",
                "The certificate of " + configurationKey);
    }

    private static Origin inOneFile(Path path, String configurationKey) {
        return new Origin(
                "The key in " + path + " of " + configurationKey,
                "the certificate in the same file",
                "The certificate " + path + " of " + configurationKey);
    }
}
