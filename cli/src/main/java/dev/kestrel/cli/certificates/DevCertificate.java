package dev.kestrel.cli.certificates;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The development certificate as it lies on disk. Immutable.
 *
 * @param authority the authority's certificate
 * @param certificate the server's certificate
 * @param directory where the files are
 * @param newAuthority whether the authority was made just now, and nobody trusts it yet
 * @param newCertificate whether the certificate was made just now
 */
public record DevCertificate(
        X509Certificate authority,
        X509Certificate certificate,
        Path directory,
        boolean newAuthority,
        boolean newCertificate) {

    /** As {@code GeneralName} numbers its kinds (RFC 5280 section 4.2.1.6). */
    private static final int DNS = 2;

    private static final int ADDRESS = 7;

    /**
     * The authority's certificate.
     *
     * @return a file in PEM
     */
    public Path authorityFile() {
        return directory.resolve(DevCertificates.AUTHORITY);
    }

    /**
     * The server's certificate.
     *
     * @return a file in PEM
     */
    public Path certificateFile() {
        return directory.resolve(DevCertificates.CERTIFICATE);
    }

    /**
     * The server's private key.
     *
     * @return a file in PEM
     */
    public Path keyFile() {
        return directory.resolve(DevCertificates.KEY);
    }

    /**
     * What the certificate is for.
     *
     * @return its names and addresses
     */
    public Set<HostName> names() {
        return names(certificate);
    }

    static Set<HostName> names(X509Certificate certificate) {
        Set<HostName> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    String text = String.valueOf(name.get(1));
                    if (name.get(0) instanceof Integer kind) {
                        if (kind == DNS) {
                            names.add(new HostName(text.toLowerCase(Locale.ROOT), false));
                        } else if (kind == ADDRESS) {
                            names.add(
                                    new HostName(
                                            HostName.shortest(InetAddress.getByName(text)), true));
                        }
                    }
                }
            }
        } catch (CertificateParsingException | UnknownHostException e) {
            return Set.of(); // what can not be read covers nothing, and is made anew
        }
        return names;
    }

    /**
     * How people compare certificates.
     *
     * @param certificate a certificate
     * @return the SHA-256 of its bytes, in pairs with colons
     */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it, and the certificate was read
        }
    }
}
