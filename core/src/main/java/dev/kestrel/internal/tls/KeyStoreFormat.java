package dev.kestrel.internal.tls;

import java.nio.charset.StandardCharsets;

/** The kind of a file, by its first bytes. */
enum KeyStoreFormat {
    PKCS12,
    JKS,
    JCEKS,
    PEM,
    UNKNOWN;

    private static final int JKS_MAGIC = 0xfeedfeed;
    private static final int JCEKS_MAGIC = 0xcececece;

    static KeyStoreFormat of(byte[] bytes) {
        if (bytes.length >= 4) {
            int magic =
                    bytes[0] << 24
                            | (bytes[1] & 0xff) << 16
                            | (bytes[2] & 0xff) << 8
                            | bytes[3] & 0xff;
            if (magic == JKS_MAGIC) {
                return JKS;
            }
            if (magic == JCEKS_MAGIC) {
                return JCEKS;
            }
        }
        if (isPfx(bytes)) {
            return PKCS12;
        }
        return new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")
                ? PEM
                : UNKNOWN;
    }

    /** PFX ::= SEQUENCE { version INTEGER {v3(3)}, ... (RFC 7292 section 4); DER or BER. */
    private static boolean isPfx(byte[] bytes) {
        if (bytes.length < 2 || bytes[0] != DerReader.SEQUENCE) {
            return false;
        }
        // BER may leave the length open (0x80), which has no octets of its own.
        int content = 2 + ((bytes[1] & 0x80) == 0 ? 0 : bytes[1] & 0x7f);
        return bytes.length >= content + 3
                && bytes[content] == DerReader.INTEGER
                && bytes[content + 1] == 1
                && bytes[content + 2] == 3;
    }
}
