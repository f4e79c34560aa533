package dev.kestrel.internal.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * Puts certificates into the order in which they are sent: the server's own first, then each one
 * that certifies the one before (RFC 8446 section 4.4.2).
 *
 * @param certificates in that order
 * @param unrelated those that do not belong to the chain
 */
record CertificateChain(List<X509Certificate> certificates, List<X509Certificate> unrelated) {

    static CertificateChain of(PrivateKey key, List<X509Certificate> given, Origin origin)
            throws CertificateLoadException {
        KeyMatch match = KeyMatch.of(key, origin);
        SequencedSet<X509Certificate> left = new LinkedHashSet<>(given);
        X509Certificate last =
                left.stream()
                        .filter(each -> match.belongsTo(each.getPublicKey()))
                        .findFirst()
                        .orElseThrow(() -> foreignKey(key, given, origin));
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(last);
        left.remove(last);
        while (!left.isEmpty() && !isIssuedBy(last, last)) {
            X509Certificate issuer = null;
            for (X509Certificate each : left) {
                if (isIssuedBy(last, each)) {
                    issuer = each;
                    break;
                }
            }
            if (issuer == null) {
                break;
            }
            chain.add(issuer);
            left.remove(issuer);
            last = issuer;
        }
        return new CertificateChain(List.copyOf(chain), List.copyOf(left));
    }

    private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            // Another one of the same name, or an algorithm that nobody here can check.
            return false;
        }
    }

    private static CertificateLoadException foreignKey(
            PrivateKey key, List<X509Certificate> given, Origin origin) {
        X509Certificate first = given.getFirst();
        String kind = first.getPublicKey().getAlgorithm();
        String difference =
                kind.equals(key.getAlgorithm())
                        ? "another " + kind + " key was certified there"
                        : "it is of the kind "
                                + key.getAlgorithm()
                                + ", the certified one of the kind "
                                + kind;
        return new CertificateLoadException(
                origin.key()
                        + " does not belong to "
                        + origin.certificate()
                        + ": "
                        + difference
                        + ". Configure the key that the certificate ("
                        + DisplayNames.of(first)
                        + ") was requested with, or a certificate for this key.");
    }
}
