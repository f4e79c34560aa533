package dev.kestrel.internal.tls;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Set;

/**
 * Finds out whether public keys belong to a private key: by its {@link PublicHalf} where that is
 * known, otherwise by a signature. That also works with keys in hardware, and proves that the key
 * can sign at all.
 */
final class KeyMatch {

    private static final byte[] MESSAGE = "does it belong".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NONE = {};

    /** The keys that TLS 1.2 and 1.3 can sign a handshake with (RFC 8446 section 4.2.3). */
    private static final Set<String> USABLE =
            Set.of("RSA", "RSASSA-PSS", "EC", "EdDSA", "Ed25519", "Ed448");

    private final PrivateKey key;
    private final @Nullable AlgorithmParameterSpec parameters;
    private final byte[] signature;
    private final @Nullable PublicHalf publicHalf;

    private KeyMatch(
            PrivateKey key,
            @Nullable AlgorithmParameterSpec parameters,
            byte[] signature,
            @Nullable PublicHalf publicHalf) {
        this.key = key;
        this.parameters = parameters;
        this.signature = signature;
        this.publicHalf = publicHalf;
    }

    static KeyMatch of(PrivateKey key, Origin origin) throws CertificateLoadException {
        if (!USABLE.contains(key.getAlgorithm())) {
            throw new CertificateLoadException(
                    origin.key()
                            + " is a "
                            + key.getAlgorithm()
                            + " key, which TLS does not use: take an RSA, EC or Ed25519 key, and a"
                            + " new certificate for it.");
        }
        PublicHalf publicHalf = PublicHalf.of(key);
        if (publicHalf != null) {
            return new KeyMatch(key, null, NONE, publicHalf);
        }
        AlgorithmParameterSpec parameters = pssParameters(key);
        try {
            Signature signer = Signature.getInstance(signatureName(key.getAlgorithm()));
            signer.initSign(key);
            if (parameters != null) {
                signer.setParameter(parameters);
            }
            signer.update(MESSAGE);
            return new KeyMatch(key, parameters, signer.sign(), null);
        } catch (GeneralSecurityException e) {
            throw new CertificateLoadException(
                    origin.key()
                            + " can not sign ("
                            + e.getMessage()
                            + "): it needs to be usable for signatures.",
                    e);
        }
    }

    boolean belongsTo(PublicKey publicKey) {
        if (publicHalf != null) {
            return publicHalf.is(publicKey);
        }
        String algorithm = publicKey.getAlgorithm();
        if (!signatureName(algorithm).equals(signatureName(key.getAlgorithm()))) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(signatureName(algorithm));
            verifier.initVerify(publicKey);
            if (parameters != null) {
                verifier.setParameter(parameters);
            }
            verifier.update(MESSAGE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // Another curve, size or set of parameters.
            return false;
        }
    }

    private static String signatureName(String keyAlgorithm) {
        return switch (keyAlgorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "Ed25519", "Ed448" -> "EdDSA";
            default -> keyAlgorithm;
        };
    }

    /** A key may prescribe how it signs (RFC 4055 section 3.1). */
    private static @Nullable AlgorithmParameterSpec pssParameters(PrivateKey key) {
        if (!key.getAlgorithm().equals("RSASSA-PSS")) {
            return null;
        }
        return key instanceof RSAKey rsa && rsa.getParams() != null
                ? rsa.getParams()
                : new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
    }
}
