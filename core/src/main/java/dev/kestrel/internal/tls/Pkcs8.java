package dev.kestrel.internal.tls;

import java.io.ByteArrayOutputStream;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Set;

/** PrivateKeyInfo of RFC 5208 section 5, the form of a key that the JDK reads. No I/O. */
final class Pkcs8 {

    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";
    private static final String EC = "1.2.840.10045.2.1";
    private static final String DSA = "1.2.840.10040.4.1";
    private static final String ED25519 = "1.3.101.112";
    private static final String ED448 = "1.3.101.113";

    /** AlgorithmIdentifier { rsaEncryption, NULL } (RFC 3279 section 2.3.1). */
    private static final byte[] RSA_ALGORITHM = {
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        1,
        1,
        1,
        5,
        0
    };

    /** OBJECT IDENTIFIER id-ecPublicKey (RFC 5480 section 2.1.1). */
    private static final byte[] EC_OID = {
        0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
    };

    /** secp256r1, secp384r1 and secp521r1, those of RFC 8446 section 4.2.3. */
    private static final Set<String> CURVES =
            Set.of("1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35");

    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private Pkcs8() {}

    /** RSAPrivateKey of RFC 8017 appendix A.1.2, wrapped. */
    static byte[] fromPkcs1(byte[] rsaPrivateKey) {
        return element(
                DerReader.SEQUENCE,
                VERSION_0,
                RSA_ALGORITHM,
                element(DerReader.OCTET_STRING, rsaPrivateKey));
    }

    /**
     * ECPrivateKey of RFC 5915 section 3, wrapped.
     *
     * @param parameters the curve, in DER
     */
    static byte[] fromSec1(byte[] ecPrivateKey, byte[] parameters) {
        return element(
                DerReader.SEQUENCE,
                VERSION_0,
                element(DerReader.SEQUENCE, EC_OID, parameters),
                element(DerReader.OCTET_STRING, ecPrivateKey));
    }

    private static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] each : contents) {
            content.writeBytes(each);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.size();
        if (length < 0x80) {
            element.write(length);
        } else {
            int octets = length < 1 << 8 ? 1 : length < 1 << 16 ? 2 : 3;
            element.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                element.write(length >> 8 * i);
            }
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    /** A key is of a kind that can not be used; the message goes on after "holds". */
    static final class UnusableKeyException extends Exception {

        private static final long serialVersionUID = 1L;

        UnusableKeyException(String message) {
            super(message, null, false, false);
        }
    }

    static PrivateKey toKey(byte[] encoded) throws MalformedDerException, UnusableKeyException {
        DerReader content = DerReader.onlySequence(encoded);
        content.readInt();
        DerReader algorithm = content.read(DerReader.SEQUENCE);
        String oid = algorithm.readOid();
        content.readOctets();
        String name =
                switch (oid) {
                    case RSA -> "RSA";
                    case RSASSA_PSS -> "RSASSA-PSS";
                    case EC -> {
                        if (algorithm.tag() != DerReader.OBJECT_IDENTIFIER
                                || !CURVES.contains(algorithm.readOid())) {
                            throw unusableCurve();
                        }
                        yield "EC";
                    }
                    case ED25519 -> "Ed25519";
                    case ED448 -> "Ed448";
                    case DSA ->
                            throw new UnusableKeyException(
                                    "a DSA key, which TLS no longer uses: take an RSA, EC or"
                                            + " Ed25519 key, and a new certificate for it.");
                    default ->
                            throw new UnusableKeyException(
                                    "a key of a kind that is not known here ("
                                            + oid
                                            + "): take an RSA, EC or Ed25519 key, and a new"
                                            + " certificate for it.");
                };
        try {
            return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
            throw new MalformedDerException("is not a valid " + name + " key");
        }
    }

    private static UnusableKeyException unusableCurve() {
        return new UnusableKeyException(
                "an EC key on another curve than TLS uses here, or one that does not name its"
                        + " curve: take one on prime256v1, secp384r1 or secp521r1, stored with the"
                        + " curve's name.");
    }
}
