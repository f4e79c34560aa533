package dev.kestrel.internal.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A certificate with its key, made on the spot (RFC 5280 section 4.1).
 *
 * @param keys the key pair that is certified
 * @param certificate what certifies it
 */
record TestCertificate(KeyPair keys, X509Certificate certificate) {

    static final String SERVER_AUTH = "2b06010505070301";
    static final String CLIENT_AUTH = "2b06010505070302";
    static final String ANY_PURPOSE = "551d2500";

    private static final AtomicInteger SERIAL = new AtomicInteger(1000);

    /** A certificate for a host name, signed with its own key, valid for long. */
    static Builder named(String name) {
        return new Builder(name);
    }

    String pem() {
        return pem("CERTIFICATE", der());
    }

    String keyPem() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    byte[] der() {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    static KeyPair keys(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (size > 0) {
                generator.initialize(size);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static final class Builder {

        private final String name;
        private final List<String> dnsNames = new ArrayList<>();
        private final List<String> purposes = new ArrayList<>();
        private KeyPair keys = TestCertificate.keys("EC", 256);
        private TestCertificate issuer;
        private Instant begin = Instant.parse("2020-01-01T00:00:00Z");
        private Instant end = Instant.parse("2120-01-01T00:00:00Z");
        private int keyUsage = -1;
        private boolean authority;

        private Builder(String name) {
            this.name = name;
            dnsNames.add(name);
        }

        Builder dnsNames(String... names) {
            dnsNames.clear();
            dnsNames.addAll(List.of(names));
            return this;
        }

        /** Object identifiers in hexadecimal. */
        Builder purposes(String... oids) {
            purposes.addAll(List.of(oids));
            return this;
        }

        Builder keys(KeyPair keys) {
            this.keys = keys;
            return this;
        }

        Builder issuedBy(TestCertificate issuer) {
            this.issuer = issuer;
            return this;
        }

        Builder valid(Instant begin, Instant end) {
            this.begin = begin;
            this.end = end;
            return this;
        }

        /** The first octet of KeyUsage: 0x80 is digitalSignature, 0x20 keyEncipherment. */
        Builder keyUsage(int bits) {
            keyUsage = bits;
            return this;
        }

        Builder authority() {
            authority = true;
            return this;
        }

        TestCertificate make() {
            KeyPair signing = issuer == null ? keys : issuer.keys();
            String keyAlgorithm = signing.getPrivate().getAlgorithm();
            boolean rsa = keyAlgorithm.equals("RSA");
            byte[] algorithm =
                    rsa
                            ? sequence(oid("2a864886f70d01010b"), element(0x05))
                            : keyAlgorithm.equals("EC")
                                    ? sequence(oid("2a8648ce3d040302"))
                                    : sequence(oid("2b6570"));
            byte[] toBeSigned =
                    sequence(
                            element(0xa0, integer(2)),
                            integer(SERIAL.incrementAndGet()),
                            algorithm,
                            issuer == null
                                    ? subject()
                                    : issuer.certificate().getSubjectX500Principal().getEncoded(),
                            sequence(time(begin), time(end)),
                            subject(),
                            keys.getPublic().getEncoded(),
                            element(0xa3, extensions()));
            try {
                Signature signer =
                        Signature.getInstance(
                                rsa
                                        ? "SHA256withRSA"
                                        : keyAlgorithm.equals("EC") ? "SHA256withECDSA" : "EdDSA");
                signer.initSign(signing.getPrivate());
                signer.update(toBeSigned);
                byte[] der =
                        sequence(toBeSigned, algorithm, element(0x03, new byte[1], signer.sign()));
                return new TestCertificate(
                        keys,
                        (X509Certificate)
                                CertificateFactory.getInstance("X.509")
                                        .generateCertificate(new ByteArrayInputStream(der)));
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        private byte[] subject() {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            return sequence(element(0x31, sequence(oid("550403"), element(0x0c, text))));
        }

        private byte[] extensions() {
            List<byte[]> all = new ArrayList<>();
            all.add(
                    extension(
                            "551d13",
                            authority ? sequence(element(0x01, new byte[] {-1})) : sequence()));
            if (!dnsNames.isEmpty()) {
                byte[][] names =
                        dnsNames.stream()
                                .map(
                                        each ->
                                                element(
                                                        0x82,
                                                        each.getBytes(StandardCharsets.US_ASCII)))
                                .toArray(byte[][]::new);
                all.add(extension("551d11", sequence(names)));
            }
            if (!purposes.isEmpty()) {
                byte[][] oids = purposes.stream().map(TestCertificate::oid).toArray(byte[][]::new);
                all.add(extension("551d25", sequence(oids)));
            }
            if (keyUsage >= 0) {
                all.add(extension("551d0f", element(0x03, new byte[] {0, (byte) keyUsage})));
            }
            return sequence(all.toArray(byte[][]::new));
        }

        private static byte[] extension(String oid, byte[] value) {
            return sequence(oid(oid), element(0x04, value));
        }

        private static byte[] time(Instant instant) {
            String text =
                    DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
                            .format(instant.atOffset(ZoneOffset.UTC));
            return element(0x18, text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    static byte[] sequence(byte[]... contents) {
        return element(0x30, contents);
    }

    static byte[] integer(int value) {
        return element(0x02, java.math.BigInteger.valueOf(value).toByteArray());
    }

    static byte[] oid(String hex) {
        return element(0x06, java.util.HexFormat.of().parseHex(hex));
    }

    static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] each : contents) {
            content.writeBytes(each);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            element.write(0x82);
            element.write(length >> 8);
        } else if (length >= 0x80) {
            element.write(0x81);
        }
        element.write(length);
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
