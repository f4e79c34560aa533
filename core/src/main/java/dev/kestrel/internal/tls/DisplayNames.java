package dev.kestrel.internal.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The names in a certificate, in a form that is safe in a log. */
final class DisplayNames {

    /** GeneralName: dNSName [2] (RFC 5280 section 4.2.1.6). */
    private static final Integer DNS_NAME = 2;

    /** GeneralName: iPAddress [7]. */
    private static final Integer IP_ADDRESS = 7;

    private DisplayNames() {}

    /** The names that a certificate is for, or its subject when it has none. */
    static String of(X509Certificate certificate) {
        Set<String> names = dnsNames(certificate);
        return names.isEmpty() ? subject(certificate) : String.join(", ", names);
    }

    static String subject(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        return subject.isEmpty() ? "an empty subject" : printable(subject);
    }

    /** Host names in lower case, in the order of the certificate. */
    static Set<String> dnsNames(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        for (List<?> each : alternatives(certificate)) {
            if (DNS_NAME.equals(each.get(0)) && each.get(1) instanceof String name) {
                names.add(printable(name).toLowerCase(Locale.ROOT));
            }
        }
        return Collections.unmodifiableSet(names);
    }

    /** Whether there is a name or address that a client can compare with what it asked for. */
    static boolean hasNames(X509Certificate certificate) {
        return alternatives(certificate).stream()
                .anyMatch(each -> DNS_NAME.equals(each.get(0)) || IP_ADDRESS.equals(each.get(0)));
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null ? List.of() : all;
        } catch (CertificateParsingException e) {
            // An extension that can not be read names nobody.
            return List.of();
        }
    }

    /** A name is written by whoever made the certificate, and must not break a line of the log. */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c)
                .forEach(safe::appendCodePoint);
        return safe.toString();
    }
}
