package dev.kestrel.internal.tls;

import java.util.Map;

/**
 * One structure of a file.
 *
 * @param label what its BEGIN line calls it; for a file in DER the label that it would have
 * @param headers the lines of RFC 1421 before the data, which encrypted keys of OpenSSL have
 * @param der the data
 * @param line where it begins, from 1
 */
record PemBlock(String label, Map<String, String> headers, byte[] der, int line) {

    static final String CERTIFICATE = "CERTIFICATE";
    static final String PKCS8 = "PRIVATE KEY";
    static final String ENCRYPTED_PKCS8 = "ENCRYPTED PRIVATE KEY";
    static final String PKCS1 = "RSA PRIVATE KEY";
    static final String SEC1 = "EC PRIVATE KEY";
    static final String EC_PARAMETERS = "EC PARAMETERS";

    boolean isCertificate() {
        // The second is what OpenSSL wrote long ago, and still reads.
        return label.equals(CERTIFICATE) || label.equals("X509 CERTIFICATE");
    }

    boolean isPrivateKey() {
        return label.endsWith("PRIVATE KEY");
    }

    boolean isPublicKey() {
        return label.endsWith("PUBLIC KEY");
    }

    /** Without the data, which may be a key. */
    @Override
    public String toString() {
        return label + " in line " + line;
    }
}
