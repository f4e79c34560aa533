package dev.kestrel.internal.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether a key and its certificates can serve: what clients would refuse is told at the start. */
final class CertificateChecks {

    /** CA/Browser Forum Baseline Requirements 6.1.5; NIST SP 800-131A. */
    private static final int LEAST_RSA_BITS = 2048;

    /** id-kp-serverAuth and anyExtendedKeyUsage (RFC 5280 section 4.2.1.12). */
    private static final Set<String> SERVER_PURPOSES = Set.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0");

    private CertificateChecks() {}

    static LoadedCertificate.KeyAndChain check(
            PrivateKey key, List<X509Certificate> given, Origin origin, Instant now)
            throws CertificateLoadException {
        CertificateChain chain = CertificateChain.of(key, given, origin);
        X509Certificate leaf = chain.certificates().getFirst();
        refuseWeakKey(leaf, origin);
        refuseOtherPurpose(leaf, origin);

        List<String> warnings = new ArrayList<>();
        String dates =
                Validity.of(chain.certificates(), now).warning(origin.leaf(), chain.certificates());
        if (dates != null) {
            warnings.add(dates);
        }
        warnAboutUse(leaf, origin, warnings);
        if (!chain.unrelated().isEmpty()) {
            warnings.add(
                    origin.leaf()
                            + " comes with certificates that do not belong to its chain and are"
                            + " not sent to clients: "
                            + String.join(
                                    "; ",
                                    chain.unrelated().stream().map(DisplayNames::subject).toList())
                            + ". Take them out, or add what is missing between.");
        }
        return new LoadedCertificate.KeyAndChain(
                key, chain.certificates(), DisplayNames.dnsNames(leaf), warnings);
    }

    private static void refuseWeakKey(X509Certificate leaf, Origin origin)
            throws CertificateLoadException {
        if (leaf.getPublicKey() instanceof RSAKey rsa
                && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new CertificateLoadException(
                    origin.key()
                            + " has "
                            + rsa.getModulus().bitLength()
                            + " bits, which is too weak for RSA: take one of at least "
                            + LEAST_RSA_BITS
                            + " bits, and a new certificate for it.");
        }
    }

    private static void refuseOtherPurpose(X509Certificate leaf, Origin origin)
            throws CertificateLoadException {
        List<String> purposes;
        try {
            purposes = leaf.getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            throw new CertificateLoadException(
                    origin.leaf()
                            + " ("
                            + DisplayNames.of(leaf)
                            + ") says in a form that can not be read what it is for (extended key"
                            + " usage): ask for a new one.");
        }
        if (purposes != null && purposes.stream().noneMatch(SERVER_PURPOSES::contains)) {
            throw new CertificateLoadException(
                    origin.leaf()
                            + " ("
                            + DisplayNames.of(leaf)
                            + ") is not for servers: its extended key usage lacks serverAuth. Ask"
                            + " for a certificate with it.");
        }
    }

    private static void warnAboutUse(X509Certificate leaf, Origin origin, List<String> warnings) {
        boolean[] use = leaf.getKeyUsage();
        // RFC 8446 section 4.4.2.2: "the digitalSignature bit MUST be set if [it] is present".
        if (use != null && use.length > 0 && !use[0]) {
            warnings.add(
                    origin.leaf()
                            + " ("
                            + DisplayNames.of(leaf)
                            + ") has a key usage without digitalSignature, and many clients refuse"
                            + " it: ask for a certificate with it.");
        }
        // RFC 9525 section 1.4.1: the subject is no longer looked at.
        if (!DisplayNames.hasNames(leaf)) {
            warnings.add(
                    origin.leaf()
                            + " ("
                            + DisplayNames.subject(leaf)
                            + ") has no subjectAltName, and clients refuse it: ask for a"
                            + " certificate that lists its host names there.");
        }
    }
}
