package dev.kestrel.cli.certificates;

import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Makes certificates (RFC 5280). The authority can certify the names that it was made for, those
 * below them, and no others: whoever steals its key can not pass for a bank.
 */
final class CertificateIssuer {

    /** Clocks differ, and what was made just now has to be good already. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private static final Period AUTHORITY_LIFE = Period.ofYears(10);

    /** What browsers take at most. */
    private static final Duration SERVER_LIFE = Duration.ofDays(397);

    private final SecureRandom random = new SecureRandom();
    private final Instant now;

    CertificateIssuer(Instant now) {
        this.now = now;
    }

    /** A certificate and its key. */
    record Issued(X509Certificate certificate, PrivateKey key) {
        @Override
        public String toString() {
            return "certificate of " + certificate.getSubjectX500Principal();
        }
    }

    /** Makes an authority for names and what is below them. */
    Issued authority(Collection<HostName> names) throws GeneralSecurityException {
        KeyPair keys = keys();
        byte[] mark = new byte[4];
        random.nextBytes(mark);
        // A name of its own: a client that knows two authorities of one name tries the wrong key.
        X500Name name = name("Kestrel development CA " + HexFormat.of().formatHex(mark));
        Instant begin = now.minus(CLOCK_SKEW);
        Instant end = begin.atZone(ZoneOffset.UTC).plus(AUTHORITY_LIFE).toInstant();
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        name, serial(), Date.from(begin), lastSecond(end), name, keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.extendedKeyUsage, false, servers());
            builder.addExtension(Extension.nameConstraints, true, constraints(names));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        } catch (CertIOException e) {
            throw new GeneralSecurityException(e);
        }
        return sign(builder, keys.getPrivate(), keys.getPrivate());
    }

    /** Makes a server's certificate. */
    Issued server(Issued authority, Collection<HostName> names) throws GeneralSecurityException {
        KeyPair keys = keys();
        X509Certificate issuer = authority.certificate();
        Instant begin = now.minus(CLOCK_SKEW);
        Instant end = begin.plus(SERVER_LIFE);
        Instant last = issuer.getNotAfter().toInstant();
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        new JcaX509CertificateHolder(issuer).getSubject(),
                        serial(),
                        Date.from(begin),
                        end.isAfter(last) ? issuer.getNotAfter() : lastSecond(end),
                        name("localhost"),
                        keys.getPublic());
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, servers());
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    identifiers.createSubjectKeyIdentifier(keys.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(issuer.getPublicKey()));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                            names.stream()
                                    .map(CertificateIssuer::general)
                                    .toArray(GeneralName[]::new)));
        } catch (CertIOException e) {
            throw new GeneralSecurityException(e);
        }
        return sign(builder, authority.key(), keys.getPrivate());
    }

    /** Whether an authority may certify all of these names (RFC 5280 section 4.2.1.10). */
    static boolean permits(X509Certificate authority, Set<HostName> names)
            throws CertificateEncodingException {
        Extension extension =
                new JcaX509CertificateHolder(authority).getExtension(Extension.nameConstraints);
        if (extension == null) {
            return true;
        }
        PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
        validator.intersectPermittedSubtree(
                NameConstraints.getInstance(extension.getParsedValue()).getPermittedSubtrees());
        try {
            for (HostName name : names) {
                validator.checkPermitted(general(name));
            }
            return true;
        } catch (NameConstraintValidatorException e) {
            return false;
        }
    }

    private static GeneralName general(HostName name) {
        return name.isAddress()
                ? new GeneralName(GeneralName.iPAddress, new DEROctetString(name.bytes()))
                : new GeneralName(GeneralName.dNSName, name.text());
    }

    /** Names of localhost and addresses of this machine always, and what else was asked for. */
    private static NameConstraints constraints(Collection<HostName> names) {
        Set<GeneralName> permitted = new LinkedHashSet<>();
        permitted.add(new GeneralName(GeneralName.dNSName, "localhost"));
        permitted.add(subtree(new byte[] {127, 0, 0, 0}, 8));
        permitted.add(subtree(HostName.of("::1").bytes(), 128));
        names.stream()
                .filter(name -> !HostName.LOCAL.contains(name))
                .forEach(name -> permitted.add(constraint(name)));
        return new NameConstraints(
                permitted.stream().map(GeneralSubtree::new).toArray(GeneralSubtree[]::new), null);
    }

    private static GeneralName constraint(HostName name) {
        if (!name.isAddress()) {
            return new GeneralName(GeneralName.dNSName, name.domain());
        }
        byte[] address = name.bytes();
        return subtree(address, address.length * 8);
    }

    /** An address and its mask, as RFC 5280 section 4.2.1.10 has them. */
    private static GeneralName subtree(byte[] address, int prefix) {
        byte[] withMask = Arrays.copyOf(address, address.length * 2);
        Arrays.fill(withMask, address.length, address.length + prefix / 8, (byte) 0xff);
        return new GeneralName(GeneralName.iPAddress, new DEROctetString(withMask));
    }

    private static ExtendedKeyUsage servers() {
        return new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "Kestrel development")
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    /** The end is part of the time (RFC 5280 section 4.1.2.5). */
    private static Date lastSecond(Instant end) {
        return Date.from(end.minusSeconds(1));
    }

    /** Positive, not to be guessed, at most 20 bytes (RFC 5280 section 4.1.2.2). */
    private BigInteger serial() {
        return new BigInteger(127, random).setBit(126);
    }

    private KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private static Issued sign(X509v3CertificateBuilder builder, PrivateKey signer, PrivateKey own)
            throws GeneralSecurityException {
        try {
            return new Issued(
                    new JcaX509CertificateConverter()
                            .getCertificate(
                                    builder.build(
                                            new JcaContentSignerBuilder("SHA256withECDSA")
                                                    .build(signer))),
                    own);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
