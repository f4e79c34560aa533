package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ProxyProtocolTlv;
import dev.kestrel.pipelines.ByteSequence;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * The PROXY protocol by the letter of its specification (HAProxy, 2020/03/05), section 2, above all
 * the headers of version 2.
 */
class ProxyProtocolParserTest {

    private static final int TLV_LIMIT = 4096;
    private static final byte[] V4_ADDRESSES = hex("c0000201 c6336401 dc04 01bb");

    private final ProxyProtocolParser parser = new ProxyProtocolParser(TLV_LIMIT);

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] v2(int command, int family, byte[]... rest) {
        byte[] body = join(rest);
        return join(
                ProxyProtocolParser.SIGNATURE_2,
                new byte[] {
                    (byte) command, (byte) family, (byte) (body.length >> 8), (byte) body.length
                },
                body);
    }

    private static byte[] tlv(int type, byte... value) {
        return join(
                new byte[] {(byte) type, (byte) (value.length >> 8), (byte) value.length}, value);
    }

    /** Sets the checksum, whose TLV is the last of the header. */
    private static byte[] withChecksum(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        byte[] result = header.clone();
        for (int i = 0; i < 4; i++) {
            result[result.length - 4 + i] = (byte) (crc.getValue() >> 24 - 8 * i);
        }
        return result;
    }

    private ProxyHeader parse(byte[] bytes) throws ProxyProtocolException {
        return parser.parse(ByteSequence.of(bytes));
    }

    private void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> parse(bytes)).isInstanceOf(ProxyProtocolException.class);
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private void assertEveryTruncationNeedsMore(byte[] header) throws ProxyProtocolException {
        for (int length = 0; length < header.length; length++) {
            assertThat(parse(Arrays.copyOf(header, length))).as("%d bytes", length).isNull();
        }
        assertThat(parse(header)).isNotNull();
        assertThat(parse(join(header, ascii("more"))).length()).isEqualTo(header.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET / HTTP/1.1\r\n",
                "POST",
                "PRI * HTTP/2.0",
                "PROXy ",
                "\u0016\u0003\u0001",
                "\r\n\r\n\r",
                "\r\n\r\n\u0000\r\nQUIT\r",
                " PROXY",
                "\n",
                "\u0000"
            })
    void whatIsNoHeaderIsKnownAtItsFirstWrongByte(String text) {
        assertThat(ProxyProtocolParser.kind(ByteSequence.of(ascii(text))))
                .isEqualTo(ProxyProtocolParser.Kind.NONE);
        assertRefused(ascii(text));
    }

    @Test
    void version2WithIpv4() throws ProxyProtocolException {
        byte[] bytes = v2(0x21, 0x11, V4_ADDRESSES);
        assertEveryTruncationNeedsMore(bytes);
        ProxyHeader header = parse(bytes);
        assertThat(header.version()).isEqualTo(2);
        assertThat(header.local()).isFalse();
        assertThat(header.datagram()).isFalse();
        assertThat(header.client()).isEqualTo(address("192.0.2.1", 56324));
        assertThat(header.server()).isEqualTo(address("198.51.100.1", 443));
        assertThat(header.tlvs()).isEmpty();
    }

    @Test
    void version2WithIpv6ByDatagrams() throws ProxyProtocolException {
        byte[] bytes =
                v2(
                        0x21,
                        0x22,
                        hex(
                                "20010db8000000000000000000000001 00000000000000000000000000000001 0001 ffff"));
        assertEveryTruncationNeedsMore(bytes);
        ProxyHeader header = parse(bytes);
        assertThat(header.datagram()).isTrue();
        assertThat(header.client()).isEqualTo(address("2001:db8::1", 1));
        assertThat(header.server()).isEqualTo(address("::1", 65535));
    }

    @Test
    void version2WithUnixSockets() throws ProxyProtocolException {
        byte[] block = new byte[216];
        System.arraycopy(ascii("/run/client"), 0, block, 0, 11);
        System.arraycopy(ascii("/run/server"), 0, block, 108, 11);
        byte[] bytes = v2(0x21, 0x31, block);
        assertEveryTruncationNeedsMore(bytes);
        assertThat(parse(bytes).client()).isEqualTo(UnixDomainSocketAddress.of("/run/client"));
        assertThat(parse(bytes).server()).isEqualTo(UnixDomainSocketAddress.of("/run/server"));
        Arrays.fill(block, (byte) 'a'); // A path may fill its field, without a zero byte.
        assertThat(parse(v2(0x21, 0x31, block)).client())
                .isEqualTo(UnixDomainSocketAddress.of("a".repeat(108)));
    }

    @Test
    void version2WithAUnixPathThatCouldForgeALineOfALog() {
        byte[] block = new byte[216];
        System.arraycopy(ascii("/run/a\nb"), 0, block, 0, 8);
        assertThatThrownBy(() -> parse(v2(0x21, 0x31, block)))
                .isInstanceOf(ProxyProtocolException.class)
                .hasMessageContaining("control character");
    }

    @Test
    void theLocalCommandGivesNoAddressesWhateverItsFamily() throws ProxyProtocolException {
        // "must [...] discard the protocol block including the family which is ignored"
        for (int family : new int[] {0x00, 0x11, 0x21, 0x77, 0xff}) {
            for (byte[] block : List.of(new byte[0], V4_ADDRESSES, new byte[3], new byte[300])) {
                byte[] bytes = v2(0x20, family, block);
                ProxyHeader header = parse(bytes);
                assertThat(header.local()).isTrue();
                assertThat(header.client()).isNull();
                assertThat(header.length()).isEqualTo(bytes.length);
            }
        }
    }

    @Test
    void theUnspecifiedFamilyGivesNoAddresses() throws ProxyProtocolException {
        byte[] bytes = v2(0x21, 0x00, new byte[40]);
        assertEveryTruncationNeedsMore(bytes);
        assertThat(parse(bytes).client()).isNull();
        assertThat(parse(bytes).local()).isFalse();
    }

    @Test
    void unknownVersionsAndCommandsAreRefusedAtTheirByte() {
        for (int value = 0; value < 256; value++) {
            if (value != 0x20 && value != 0x21) {
                assertRefused(join(ProxyProtocolParser.SIGNATURE_2, new byte[] {(byte) value}));
            }
        }
    }

    @Test
    void unknownFamiliesAreRefused() {
        // "Other values are unspecified and [...] must be rejected as invalid by receivers"
        List<Integer> known = List.of(0x00, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32);
        for (int family = 0; family < 256; family++) {
            if (!known.contains(family)) {
                assertRefused(v2(0x21, family, new byte[216]));
            }
        }
    }

    @Test
    void aBlockThatIsTooShortForItsAddressesIsRefused() {
        assertRefused(v2(0x21, 0x11, new byte[11]));
        assertRefused(v2(0x21, 0x21, new byte[35]));
        assertRefused(v2(0x21, 0x31, new byte[215]));
    }

    @Test
    void aLengthAboveTheLimitIsRefusedBeforeItsBytesCome() {
        byte[] limit = Arrays.copyOf(v2(0x21, 0x11, V4_ADDRESSES, new byte[TLV_LIMIT + 1]), 16);
        assertRefused(limit);
        assertRefused(Arrays.copyOf(v2(0x20, 0x00, new byte[65535]), 16));
        assertRefused(Arrays.copyOf(v2(0x21, 0x00, new byte[65535]), 16));
    }

    @Test
    void extensionsAreGivenOutInOrderWithoutPadding() throws ProxyProtocolException {
        byte[] ssl =
                tlv(
                        ProxyProtocolTlv.SSL,
                        join(
                                new byte[] {7, 0, 0, 0, 0},
                                tlv(ProxyProtocolTlv.SSL_VERSION, ascii("TLSv1.3")),
                                tlv(ProxyProtocolTlv.SSL_CN, ascii("client.example"))));
        byte[] bytes =
                v2(
                        0x21,
                        0x11,
                        V4_ADDRESSES,
                        tlv(ProxyProtocolTlv.ALPN, ascii("h2")),
                        tlv(ProxyProtocolTlv.NOOP, new byte[10]),
                        tlv(ProxyProtocolTlv.AUTHORITY, ascii("www.example")),
                        tlv(ProxyProtocolTlv.UNIQUE_ID, new byte[128]),
                        ssl,
                        tlv(ProxyProtocolTlv.NETNS, ascii("blue")),
                        tlv(0xEA, (byte) 1));
        assertEveryTruncationNeedsMore(bytes);
        ProxyHeader header = parse(bytes);
        assertThat(header.tlvs())
                .extracting(ProxyProtocolTlv::type)
                .containsExactly(1, 2, 5, 0x20, 0x30, 0xEA);
        assertThat(header.tlvs().get(1).value()).isEqualTo(ascii("www.example"));
        assertThat(header.ssl()).isNotNull();
        assertThat(header.ssl().isTls()).isTrue();
        assertThat(header.ssl().isClientVerified()).isTrue();
        assertThat(header.ssl().text(ProxyProtocolTlv.SSL_VERSION)).isEqualTo("TLSv1.3");
        assertThat(header.ssl().text(ProxyProtocolTlv.SSL_CN)).isEqualTo("client.example");
        assertThat(header.ssl().text(ProxyProtocolTlv.SSL_CIPHER)).isNull();
    }

    @Test
    void malformedExtensionsAreRefused() {
        byte[] long129 = tlv(ProxyProtocolTlv.UNIQUE_ID, new byte[129]);
        byte[] inside = tlv(ProxyProtocolTlv.SSL, join(new byte[5], new byte[] {0x21, 0, 9, 1}));
        byte[] ssl = tlv(ProxyProtocolTlv.SSL, new byte[5]);
        for (byte[] bad :
                List.of(
                        new byte[] {1},
                        new byte[] {1, 0},
                        new byte[] {1, 0, 1},
                        new byte[] {1, (byte) 0xff, (byte) 0xff, 0},
                        long129,
                        inside,
                        join(ssl, ssl),
                        tlv(ProxyProtocolTlv.SSL, new byte[4]),
                        tlv(ProxyProtocolTlv.CRC32C, new byte[3]),
                        tlv(ProxyProtocolTlv.CRC32C, new byte[5]))) {
            assertRefused(v2(0x21, 0x11, V4_ADDRESSES, bad));
        }
    }

    @Test
    void aChecksumIsVerified() throws ProxyProtocolException {
        byte[] good =
                withChecksum(
                        v2(
                                0x21,
                                0x11,
                                V4_ADDRESSES,
                                tlv(ProxyProtocolTlv.ALPN, ascii("h2")),
                                tlv(ProxyProtocolTlv.CRC32C, new byte[4])));
        assertThat(parse(good).tlvs()).hasSize(2);
        // Every changed bit behind the fixed part is found.
        for (int i = 16; i < good.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = good.clone();
                changed[i] ^= (byte) (1 << bit);
                boolean stillHasChecksum = i < 28;
                if (stillHasChecksum) {
                    assertRefused(changed);
                }
            }
        }
        byte[] changed = good.clone();
        changed[changed.length - 1] ^= 1;
        assertRefused(changed);
    }

    @Test
    void randomBytesNeverDoAnythingButParseOrRefuse() {
        Random random = new Random(20_251_121);
        byte[][] seeds = {
            ascii("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"),
            ascii("PROXY TCP6 2001:db8::1 ::1 56324 443\r\n"),
            v2(0x21, 0x11, V4_ADDRESSES, tlv(1, ascii("h2")), tlv(0x20, new byte[9])),
            v2(0x21, 0x31, new byte[216]),
            v2(0x20, 0x00, new byte[7]),
        };
        int parsed = 0;
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            try {
                ProxyHeader header = parse(bytes);
                if (header != null) {
                    parsed++;
                    assertThat(header.length()).isBetween(1, bytes.length);
                }
            } catch (ProxyProtocolException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        assertThat(parsed).isPositive();
    }
}
