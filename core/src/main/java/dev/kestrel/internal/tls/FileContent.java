package dev.kestrel.internal.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a file in PEM or DER holds.
 *
 * @param file the file
 * @param blocks its structures in their order
 * @param certificates those of the blocks that are certificates
 * @param textBehind the first line with text behind the last block, or 0
 */
record FileContent(
        CertificateFile file,
        List<PemBlock> blocks,
        List<X509Certificate> certificates,
        int textBehind) {

    static FileContent of(CertificateFile file) throws CertificateLoadException {
        PemParser.Result pem = PemParser.parse(file);
        List<PemBlock> blocks = pem.blocks();
        if (blocks.isEmpty()) {
            blocks = List.of(new PemBlock(labelOfDer(file), Map.of(), file.bytes(), 1));
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : blocks) {
            if (block.isCertificate()) {
                certificates.add(certificate(file, block));
            }
        }
        return new FileContent(file, blocks, List.copyOf(certificates), pem.textBehind());
    }

    List<PemBlock> privateKeys() {
        return blocks.stream().filter(PemBlock::isPrivateKey).toList();
    }

    boolean has(String label) {
        return blocks.stream().anyMatch(block -> block.label().equals(label));
    }

    /** Tells the structures that have a label in PEM apart by how they begin. */
    private static String labelOfDer(CertificateFile file) throws CertificateLoadException {
        switch (KeyStoreFormat.of(file.bytes())) {
            case PKCS12, JKS, JCEKS ->
                    throw file.problem("is a key store: configure it as one, with its password.");
            case PEM, UNKNOWN -> {}
        }
        try {
            DerReader content = DerReader.onlySequence(file.bytes());
            switch (content.tag()) {
                case DerReader.SEQUENCE -> {
                    content.readWhole();
                    return switch (content.tag()) {
                        case DerReader.SEQUENCE -> PemBlock.CERTIFICATE;
                        case DerReader.OCTET_STRING -> PemBlock.ENCRYPTED_PKCS8;
                        case DerReader.BIT_STRING -> "PUBLIC KEY";
                        default -> throw new MalformedDerException("has another structure");
                    };
                }
                case DerReader.INTEGER -> {
                    byte[] first = content.readWhole();
                    if (first.length > 3) {
                        return "RSA PUBLIC KEY";
                    }
                    return switch (content.tag()) {
                        case DerReader.SEQUENCE -> PemBlock.PKCS8;
                        case DerReader.OCTET_STRING -> PemBlock.SEC1;
                        case DerReader.INTEGER -> PemBlock.PKCS1;
                        default -> throw new MalformedDerException("has another structure");
                    };
                }
                case DerReader.OBJECT_IDENTIFIER -> {
                    return "PKCS7";
                }
                default -> throw new MalformedDerException("has another structure");
            }
        } catch (MalformedDerException e) {
            throw file.problem(
                    "is neither PEM (it has no -----BEGIN line) nor a certificate or key in DER:"
                            + " correct the path, or convert the file to PEM.");
        }
    }

    private static X509Certificate certificate(CertificateFile file, PemBlock block)
            throws CertificateLoadException {
        try {
            DerReader.onlySequence(block.der());
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der()));
        } catch (MalformedDerException e) {
            throw file.problem(
                    "is damaged: the certificate that begins in line "
                            + block.line()
                            + " "
                            + e.getMessage()
                            + ". Copy the file again.");
        } catch (CertificateException e) {
            throw file.problem(
                    "is damaged: the certificate that begins in line "
                            + block.line()
                            + " can not be read ("
                            + e.getMessage()
                            + "). Copy the file again.");
        }
    }
}
