package dev.kestrel.internal.tls;

import dev.kestrel.internal.tls.KeyDecryption.BlockCipher;
import dev.kestrel.internal.tls.KeyDecryption.UnknownEncryptionException;
import dev.kestrel.internal.tls.KeyDecryption.WrongPasswordException;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The encryption that OpenSSL used before PKCS#8: two headers in the PEM block (RFC 1421 section
 * 4.6) and a key derived by {@code EVP_BytesToKey} with MD5. No I/O.
 */
final class TraditionalEncryption {

    private TraditionalEncryption() {}

    static boolean applies(PemBlock block) {
        return block.headers().getOrDefault("Proc-Type", "").endsWith("ENCRYPTED");
    }

    static byte[] decrypt(PemBlock block, String password)
            throws MalformedDerException, UnknownEncryptionException, WrongPasswordException {
        String info = block.headers().getOrDefault("DEK-Info", "");
        int comma = info.indexOf(',');
        if (comma < 0) {
            throw new MalformedDerException("has no DEK-Info line with its encryption");
        }
        String name = info.substring(0, comma).strip();
        BlockCipher cipher =
                switch (name) {
                    case "AES-128-CBC" -> BlockCipher.AES_128;
                    case "AES-192-CBC" -> BlockCipher.AES_192;
                    case "AES-256-CBC" -> BlockCipher.AES_256;
                    case "DES-EDE3-CBC" -> BlockCipher.TRIPLE_DES;
                    default -> throw new UnknownEncryptionException(name);
                };
        byte[] iv;
        try {
            iv = HexFormat.of().parseHex(info.substring(comma + 1).strip());
        } catch (IllegalArgumentException e) {
            throw new MalformedDerException("has an initialization vector that is not hexadecimal");
        }
        if (iv.length != cipher.blockBytes) {
            throw new MalformedDerException("has an initialization vector of a wrong length");
        }
        byte[] secret = password.getBytes(StandardCharsets.UTF_8);
        try {
            return cipher.decrypt(deriveKey(secret, iv, cipher.keyBytes), iv, block.der());
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** D_i = MD5(D_(i-1) || password || salt); the salt is the first eight bytes of the vector. */
    private static byte[] deriveKey(byte[] password, byte[] iv, int length) {
        MessageDigest md5;
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has MD5", e);
        }
        byte[] key = new byte[length];
        byte[] digest = {};
        for (int filled = 0; filled < length; filled += digest.length) {
            md5.update(digest);
            md5.update(password);
            md5.update(iv, 0, 8);
            digest = md5.digest();
            System.arraycopy(digest, 0, key, filled, Math.min(digest.length, length - filled));
        }
        return key;
    }
}
