package dev.kestrel.internal.tls;

import dev.kestrel.internal.tls.KeyDecryption.UnknownEncryptionException;
import dev.kestrel.internal.tls.KeyDecryption.WrongPasswordException;
import dev.kestrel.internal.tls.Pkcs8.UnusableKeyException;

import org.jspecify.annotations.Nullable;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.List;

/** Finds the private key in a file and reads it, whatever its form. No I/O. */
final class PrivateKeyReader {

    private static final String CONVERT =
            " convert it with \"openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW\".";

    private PrivateKeyReader() {}

    /**
     * Reads the key.
     *
     * @param certificates where the curve of an EC key is looked up that does not name it
     */
    static PrivateKey read(
            FileContent content, List<X509Certificate> certificates, @Nullable String password)
            throws CertificateLoadException {
        CertificateFile file = content.file();
        PemBlock block = only(content);
        boolean encrypted =
                block.label().equals(PemBlock.ENCRYPTED_PKCS8)
                        || TraditionalEncryption.applies(block);
        if (encrypted && password == null) {
            throw file.problem("holds an encrypted private key: give its password as well.");
        }
        try {
            return Pkcs8.toKey(plain(content, block, certificates, password));
        } catch (UnknownEncryptionException e) {
            throw file.problem(
                    "holds a private key in an encryption that is not known here ("
                            + e.getMessage()
                            + "):"
                            + CONVERT);
        } catch (WrongPasswordException e) {
            throw wrongPassword(file);
        } catch (UnusableKeyException e) {
            throw file.problem("holds " + e.getMessage());
        } catch (MalformedDerException e) {
            // About one wrong password in 256 yields bytes with a padding by chance.
            if (encrypted) {
                throw wrongPassword(file);
            }
            throw file.problem(
                    "is damaged: its private key " + e.getMessage() + ". Copy the file again.");
        }
    }

    private static PemBlock only(FileContent content) throws CertificateLoadException {
        CertificateFile file = content.file();
        List<PemBlock> keys = content.privateKeys();
        if (keys.size() > 1) {
            throw file.problem(
                    "holds "
                            + keys.size()
                            + " private keys (lines "
                            + String.join(
                                    ", ",
                                    keys.stream()
                                            .map(each -> Integer.toString(each.line()))
                                            .toList())
                            + "): leave only the one that belongs to the certificate.");
        }
        if (keys.isEmpty()) {
            if (content.blocks().stream().anyMatch(PemBlock::isPublicKey)) {
                throw file.problem(
                        "holds a public key and no private key: name the file with the private"
                                + " one.");
            }
            throw file.problem(
                    (content.certificates().isEmpty()
                                    ? "holds no private key"
                                    : "holds a certificate and no private key")
                            + ": name the file with the private key.");
        }
        PemBlock key = keys.getFirst();
        switch (key.label()) {
            case PemBlock.PKCS8, PemBlock.ENCRYPTED_PKCS8, PemBlock.PKCS1, PemBlock.SEC1 -> {
                return key;
            }
            case "OPENSSH PRIVATE KEY" ->
                    throw file.problem(
                            "holds a key in OpenSSH's own form: convert a copy with \"ssh-keygen -p"
                                    + " -m PKCS8 -f COPY\".");
            case "DSA PRIVATE KEY" ->
                    throw file.problem(
                            "holds a DSA key, which TLS no longer uses: take an RSA, EC or Ed25519"
                                    + " key, and a new certificate for it.");
            default ->
                    throw file.problem(
                            "holds a private key in a form that is not known here:" + CONVERT);
        }
    }

    /** The key in PKCS#8. */
    private static byte[] plain(
            FileContent content,
            PemBlock block,
            List<X509Certificate> certificates,
            @Nullable String password)
            throws MalformedDerException,
                    UnknownEncryptionException,
                    WrongPasswordException,
                    CertificateLoadException {
        byte[] der = block.der();
        if (password != null) {
            if (block.label().equals(PemBlock.ENCRYPTED_PKCS8)) {
                return KeyDecryption.decrypt(der, password);
            }
            if (TraditionalEncryption.applies(block)) {
                der = TraditionalEncryption.decrypt(block, password);
            }
        }
        return switch (block.label()) {
            case PemBlock.PKCS1 -> {
                DerReader.onlySequence(der);
                yield Pkcs8.fromPkcs1(der);
            }
            case PemBlock.SEC1 -> Pkcs8.fromSec1(der, curve(content, der, certificates));
            default -> der;
        };
    }

    /** The curve that the key names, or else the one that stands beside it. */
    private static byte[] curve(
            FileContent content, byte[] sec1, List<X509Certificate> certificates)
            throws MalformedDerException, CertificateLoadException {
        // ECPrivateKey ::= SEQUENCE { version, privateKey, parameters [0] OPTIONAL, ...
        DerReader key = DerReader.onlySequence(sec1);
        key.readInt();
        int size = key.readOctets().length;
        if (key.tag() == 0xa0) {
            return key.read(0xa0).readWhole();
        }
        for (PemBlock block : content.blocks()) {
            if (block.label().equals(PemBlock.EC_PARAMETERS)) {
                return block.der();
            }
        }
        for (X509Certificate certificate : certificates) {
            // RFC 5915 section 3: the key is as long as the order of its curve.
            if (certificate.getPublicKey() instanceof ECPublicKey ec
                    && (ec.getParams().getOrder().bitLength() + 7) / 8 == size) {
                DerReader publicKey = DerReader.onlySequence(ec.getEncoded());
                DerReader algorithm = publicKey.read(DerReader.SEQUENCE);
                algorithm.readOid();
                return algorithm.readWhole();
            }
        }
        throw content.file()
                .problem(
                        "holds an EC key that does not name its curve, and no certificate with it"
                                + " tells: convert it with \"openssl ec -in OLD -out NEW"
                                + " -param_enc named_curve\".");
    }

    private static CertificateLoadException wrongPassword(CertificateFile file) {
        return file.problem(
                "holds an encrypted private key that the password does not open: correct the"
                        + " password. (If it is right, the file is damaged.)");
    }
}
