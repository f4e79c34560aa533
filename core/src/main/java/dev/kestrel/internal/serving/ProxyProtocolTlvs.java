package dev.kestrel.internal.serving;

import dev.kestrel.connections.ProxyProtocolFeature;
import dev.kestrel.connections.ProxyProtocolTlv;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The extensions of a version 2 header (section 2.2.x of the specification): a type, a length of
 * two bytes, a value.
 *
 * @param list all but padding, in order
 * @param ssl what was in the SSL extension
 */
record ProxyProtocolTlvs(List<ProxyProtocolTlv> list, ProxyProtocolFeature.@Nullable Ssl ssl) {

    private static final int MAX_UNIQUE_ID = 128;
    private static final int SSL_FIXED_LENGTH = 5;

    /**
     * Reads what lies behind the addresses of a whole header, and verifies its checksum when it has
     * one.
     */
    static ProxyProtocolTlvs parse(byte[] header, int from) throws ProxyProtocolException {
        List<ProxyProtocolTlv> all = new ArrayList<>();
        ProxyProtocolFeature.Ssl ssl = null;
        boolean checked = false;
        int at = from;
        while (at < header.length) {
            int end = endOf(header, at, header.length);
            int type = header[at] & 0xff;
            int value = at + 3;
            switch (type) {
                case ProxyProtocolTlv.CRC32C -> {
                    if (checked) {
                        throw new ProxyProtocolException("version 2: two checksums");
                    }
                    verify(header, value, end);
                    checked = true;
                }
                case ProxyProtocolTlv.SSL -> {
                    if (ssl != null) {
                        throw new ProxyProtocolException("version 2: two SSL extensions");
                    }
                    ssl = ssl(header, value, end);
                }
                case ProxyProtocolTlv.UNIQUE_ID -> {
                    if (end - value > MAX_UNIQUE_ID) {
                        throw new ProxyProtocolException(
                                "version 2: a unique id of more than 128 bytes");
                    }
                }
                default -> {}
            }
            if (type != ProxyProtocolTlv.NOOP) {
                all.add(new ProxyProtocolTlv(type, Arrays.copyOfRange(header, value, end)));
            }
            at = end;
        }
        return new ProxyProtocolTlvs(all, ssl);
    }

    private static int endOf(byte[] header, int at, int limit) throws ProxyProtocolException {
        if (limit - at < 3) {
            throw new ProxyProtocolException("version 2: an extension is cut off");
        }
        int end = at + 3 + ((header[at + 1] & 0xff) << 8 | header[at + 2] & 0xff);
        if (end > limit) {
            throw new ProxyProtocolException("version 2: an extension is longer than the header");
        }
        return end;
    }

    /**
     * "the receiver [...] must verify" the checksum: CRC-32C over the whole header with the
     * checksum's bytes as zero.
     */
    private static void verify(byte[] header, int from, int end) throws ProxyProtocolException {
        if (end - from != 4) {
            throw new ProxyProtocolException("version 2: a checksum has 4 bytes");
        }
        CRC32C crc = new CRC32C();
        crc.update(header, 0, from);
        crc.update(new byte[4], 0, 4);
        crc.update(header, end, header.length - end);
        if (crc.getValue() != number(header, from)) {
            throw new ProxyProtocolException("version 2: the checksum does not match");
        }
    }

    private static ProxyProtocolFeature.Ssl ssl(byte[] header, int from, int limit)
            throws ProxyProtocolException {
        if (limit - from < SSL_FIXED_LENGTH) {
            throw new ProxyProtocolException("version 2: the SSL extension is cut off");
        }
        List<ProxyProtocolTlv> inside = new ArrayList<>();
        int at = from + SSL_FIXED_LENGTH;
        while (at < limit) {
            int end = endOf(header, at, limit);
            inside.add(
                    new ProxyProtocolTlv(
                            header[at] & 0xff, Arrays.copyOfRange(header, at + 3, end)));
            at = end;
        }
        return new ProxyProtocolFeature.Ssl(header[from] & 0xff, number(header, from + 1), inside);
    }

    private static long number(byte[] bytes, int at) {
        return (bytes[at] & 0xffL) << 24
                | (bytes[at + 1] & 0xffL) << 16
                | (bytes[at + 2] & 0xffL) << 8
                | bytes[at + 3] & 0xffL;
    }
}
