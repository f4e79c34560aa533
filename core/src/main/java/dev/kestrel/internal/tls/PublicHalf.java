package dev.kestrel.internal.tls;

import org.jspecify.annotations.Nullable;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;

/**
 * The public key that is written down beside a private one, where there is one: to compare it costs
 * nothing, while a first signature costs a start some hundred milliseconds.
 */
sealed interface PublicHalf {

    /** Whether a public key is this one. */
    boolean is(PublicKey other);

    /** An RSA key. */
    record Rsa(RSAPrivateCrtKey key) implements PublicHalf {
        @Override
        public boolean is(PublicKey other) {
            return other instanceof RSAPublicKey rsa
                    && rsa.getModulus().equals(key.getModulus())
                    && rsa.getPublicExponent().equals(key.getPublicExponent());
        }
    }

    /**
     * A key on a curve.
     *
     * @param point the public key as a BIT STRING has it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Ec(byte[] point) implements PublicHalf {

        @Override
        public boolean is(PublicKey other) {
            byte[] encoded = other.getEncoded();
            if (!other.getAlgorithm().equals("EC") || encoded == null) {
                return false;
            }
            try {
                // SubjectPublicKeyInfo (RFC 5280 section 4.1).
                DerReader content = DerReader.onlySequence(encoded);
                content.read(DerReader.SEQUENCE);
                return Arrays.equals(point, content.readBits());
            } catch (MalformedDerException e) {
                return false;
            }
        }
    }

    /** What a key says of itself; {@code null} when it says nothing, such as one in hardware. */
    static @Nullable PublicHalf of(PrivateKey key) {
        if (key instanceof RSAPrivateCrtKey rsa) {
            return new Rsa(rsa);
        }
        byte[] encoded = key.getAlgorithm().equals("EC") ? key.getEncoded() : null;
        if (encoded == null) {
            return null;
        }
        try {
            DerReader content = DerReader.onlySequence(encoded);
            content.readInt();
            content.read(DerReader.SEQUENCE);
            // ECPrivateKey (RFC 5915 section 3): two fields, and two that may be missing.
            DerReader fields = DerReader.onlySequence(content.readOctets());
            fields.readInt();
            fields.readOctets();
            if (fields.tag() == DerReader.CONTEXT_0) {
                fields.read(DerReader.CONTEXT_0);
            }
            return fields.tag() == DerReader.CONTEXT_1
                    ? new Ec(fields.read(DerReader.CONTEXT_1).readBits())
                    : null;
        } catch (MalformedDerException e) {
            return null;
        }
    }
}
