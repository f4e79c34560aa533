package dev.kestrel.internal.serving;

import dev.kestrel.pipelines.ByteSequence;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Finds the PROXY header at the start of a connection, of either version, by the HAProxy
 * specification of 2020/03/05, section 2.
 */
final class ProxyProtocolParser {

    private static final byte[] SIGNATURE_1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    static final byte[] SIGNATURE_2 = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

    /** What the first bytes look like. */
    enum Kind {
        /** Too few bytes to tell. */
        UNDECIDED,
        /** Not a PROXY header, whatever follows. */
        NONE,
        /** The text of version 1. */
        VERSION_1,
        /** The block of version 2. */
        VERSION_2
    }

    private final ProxyProtocolV2Parser version2;

    /** Makes a parser; up to {@code maxTlvSize} bytes of extensions are taken. */
    ProxyProtocolParser(int maxTlvSize) {
        version2 = new ProxyProtocolV2Parser(maxTlvSize);
    }

    /** Looks at the first bytes: decides with the first that fits neither signature. */
    static Kind kind(ByteSequence bytes) {
        if (bytes.isEmpty()) {
            return Kind.UNDECIDED;
        }
        boolean first = bytes.get(0) == SIGNATURE_1[0];
        byte[] signature = first ? SIGNATURE_1 : SIGNATURE_2;
        int count = (int) Math.min(bytes.length(), signature.length);
        for (int i = 0; i < count; i++) {
            if (bytes.get(i) != signature[i]) {
                return Kind.NONE;
            }
        }
        if (count < signature.length) {
            return Kind.UNDECIDED;
        }
        return first ? Kind.VERSION_1 : Kind.VERSION_2;
    }

    /**
     * Reads the header.
     *
     * @return the header, or {@code null} when more bytes are needed
     * @throws ProxyProtocolException when there is none, or it is wrong
     */
    @Nullable ProxyHeader parse(ByteSequence bytes) throws ProxyProtocolException {
        return switch (kind(bytes)) {
            case UNDECIDED -> null;
            case NONE -> throw new ProxyProtocolException("it does not begin with a PROXY header");
            case VERSION_1 -> ProxyProtocolV1Parser.parse(bytes);
            case VERSION_2 -> version2.parse(bytes);
        };
    }
}
