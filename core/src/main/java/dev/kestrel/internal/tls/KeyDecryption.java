package dev.kestrel.internal.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Decrypts EncryptedPrivateKeyInfo (RFC 5958 section 3). PBES2 is read here, because the JDK takes
 * neither passwords beyond ASCII nor Triple DES; the older schemes are the JDK's. No I/O.
 */
final class KeyDecryption {

    private static final String PBES2 = "1.2.840.113549.1.5.13";
    private static final String PBKDF2 = "1.2.840.113549.1.5.12";
    private static final String SCRYPT = "1.3.6.1.4.1.11591.4.11";

    /** What a file may ask for; OpenSSL uses 2048, and cautious people some hundred thousand. */
    private static final int MAX_ITERATIONS = 10_000_000;

    private KeyDecryption() {}

    /** The encryption is not known here; the message says which. */
    static final class UnknownEncryptionException extends Exception {

        private static final long serialVersionUID = 1L;

        UnknownEncryptionException(String message) {
            super(message, null, false, false);
        }
    }

    /** A password does not open the key. */
    static final class WrongPasswordException extends Exception {

        private static final long serialVersionUID = 1L;

        WrongPasswordException() {
            super("wrong password", null, false, false);
        }
    }

    /** The key in PKCS#8; whether it is one tells the reader whether the password was right. */
    static byte[] decrypt(byte[] encrypted, String password)
            throws MalformedDerException, UnknownEncryptionException, WrongPasswordException {
        DerReader content = DerReader.onlySequence(encrypted);
        DerReader algorithm = content.read(DerReader.SEQUENCE);
        String scheme = algorithm.readOid();
        byte[] data = content.readOctets();
        char[] characters = password.toCharArray();
        try {
            return scheme.equals(PBES2)
                    ? pbes2(algorithm.read(DerReader.SEQUENCE), data, characters)
                    : older(encrypted, characters);
        } finally {
            Arrays.fill(characters, '\0');
        }
    }

    /** PBES2-params (RFC 8018 appendix A.4). */
    private static byte[] pbes2(DerReader parameters, byte[] data, char[] password)
            throws MalformedDerException, UnknownEncryptionException, WrongPasswordException {
        DerReader derivation = parameters.read(DerReader.SEQUENCE);
        String function = derivation.readOid();
        if (!function.equals(PBKDF2)) {
            throw new UnknownEncryptionException(
                    function.equals(SCRYPT) ? "scrypt" : "key derivation " + function);
        }
        DerReader pbkdf2 = derivation.read(DerReader.SEQUENCE);
        byte[] salt = pbkdf2.readOctets();
        int iterations = pbkdf2.readInt();
        if (salt.length == 0 || iterations == 0 || iterations > MAX_ITERATIONS) {
            throw new MalformedDerException("asks for an unlikely number of iterations or no salt");
        }
        if (pbkdf2.tag() == DerReader.INTEGER) {
            // The length of the key follows from the cipher too.
            pbkdf2.readInt();
        }
        String hash = "SHA1";
        if (!pbkdf2.atEnd()) {
            String oid = pbkdf2.read(DerReader.SEQUENCE).readOid();
            hash =
                    switch (oid) {
                        case "1.2.840.113549.2.7" -> "SHA1";
                        case "1.2.840.113549.2.8" -> "SHA224";
                        case "1.2.840.113549.2.9" -> "SHA256";
                        case "1.2.840.113549.2.10" -> "SHA384";
                        case "1.2.840.113549.2.11" -> "SHA512";
                        default -> throw new UnknownEncryptionException("PBKDF2 with " + oid);
                    };
        }
        DerReader encryption = parameters.read(DerReader.SEQUENCE);
        String cipherOid = encryption.readOid();
        BlockCipher cipher =
                switch (cipherOid) {
                    case "2.16.840.1.101.3.4.1.2" -> BlockCipher.AES_128;
                    case "2.16.840.1.101.3.4.1.22" -> BlockCipher.AES_192;
                    case "2.16.840.1.101.3.4.1.42" -> BlockCipher.AES_256;
                    case "1.2.840.113549.3.7" -> BlockCipher.TRIPLE_DES;
                    default -> throw new UnknownEncryptionException("the cipher " + cipherOid);
                };
        byte[] iv = encryption.readOctets();
        PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, cipher.keyBytes * 8);
        try {
            byte[] key =
                    SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash)
                            .generateSecret(spec)
                            .getEncoded();
            return cipher.decrypt(key, iv, data);
        } catch (GeneralSecurityException e) {
            throw new UnknownEncryptionException("PBKDF2 with " + hash);
        } finally {
            spec.clearPassword();
        }
    }

    /** PBES1 and what PKCS#12 adds to it (RFC 7292 appendix C). */
    private static byte[] older(byte[] encrypted, char[] password)
            throws UnknownEncryptionException, WrongPasswordException {
        PBEKeySpec spec = new PBEKeySpec(password);
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
            String name = info.getAlgName();
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(name).generateSecret(spec),
                    info.getAlgParameters());
            return cipher.doFinal(info.getEncryptedData());
        } catch (NoSuchAlgorithmException | IOException e) {
            throw new UnknownEncryptionException("a scheme that is not PBES2");
        } catch (GeneralSecurityException e) {
            throw new WrongPasswordException();
        } finally {
            spec.clearPassword();
        }
    }

    /** The ciphers of encrypted keys, in CBC mode with the padding of PKCS#5. */
    enum BlockCipher {
        AES_128("AES", 16, 16),
        AES_192("AES", 24, 16),
        AES_256("AES", 32, 16),
        TRIPLE_DES("DESede", 24, 8);

        final String algorithm;
        final int keyBytes;
        final int blockBytes;

        BlockCipher(String algorithm, int keyBytes, int blockBytes) {
            this.algorithm = algorithm;
            this.keyBytes = keyBytes;
            this.blockBytes = blockBytes;
        }

        byte[] decrypt(byte[] key, byte[] iv, byte[] data)
                throws MalformedDerException, WrongPasswordException {
            if (iv.length != blockBytes) {
                throw new MalformedDerException("has an initialization vector of a wrong length");
            }
            try {
                Cipher cipher = Cipher.getInstance(algorithm + "/CBC/PKCS5Padding");
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        new SecretKeySpec(key, algorithm),
                        new IvParameterSpec(iv));
                return cipher.doFinal(data);
            } catch (BadPaddingException e) {
                throw new WrongPasswordException();
            } catch (IllegalBlockSizeException e) {
                throw new MalformedDerException("is cut off");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every JDK has " + algorithm, e);
            } finally {
                Arrays.fill(key, (byte) 0);
            }
        }
    }
}
