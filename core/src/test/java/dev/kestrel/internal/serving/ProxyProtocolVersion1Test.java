package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.pipelines.ByteSequence;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The line of version 1 of the PROXY protocol (HAProxy, 2020/03/05), section 2.1. */
class ProxyProtocolVersion1Test {

    private final ProxyProtocolParser parser = new ProxyProtocolParser(0);

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
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

    @ParameterizedTest
    @CsvSource({
        "TCP4, 192.0.2.1, 198.51.100.1, 56324, 443",
        "TCP4, 0.0.0.0, 255.255.255.255, 0, 65535",
        "TCP6, 2001:db8::1, ::1, 1, 2",
        "TCP6, ::, 2001:DB8:0:0:8:800:200C:417A, 1, 2",
        "TCP6, 1::, fe80::1:2, 1, 2",
        "TCP6, ffff:f:ff:fff:ffff:ffff:ffff:ffff, 1:2:3:4:5:6:7::, 65535, 65535",
    })
    void addresses(String protocol, String client, String server, int clientPort, int serverPort)
            throws ProxyProtocolException {
        String line =
                "PROXY %s %s %s %d %d\r\n"
                        .formatted(protocol, client, server, clientPort, serverPort);
        ProxyHeader header = parse(ascii(line + "GET / HTTP/1.1\r\n"));
        assertThat(header.length()).isEqualTo(line.length());
        assertThat(header.version()).isEqualTo(1);
        assertThat(header.local()).isFalse();
        assertThat(header.client()).isEqualTo(address(client, clientPort));
        assertThat(header.server()).isEqualTo(address(server, serverPort));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN \r\n",
                // "the receiver must ignore anything presented before the CRLF"
                "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n",
                "PROXY UNKNOWN what ever\t\u0001\r\n",
            })
    void unknown(String line) throws ProxyProtocolException {
        ProxyHeader header = parse(ascii(line));
        assertThat(header.length()).isEqualTo(line.length());
        assertThat(header.client()).isNull();
        assertThat(header.server()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY \r\n",
                "PROXY TCP4\r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY tcp4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP5 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY UDP4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 \r\n",
                "PROXY  TCP4 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4  192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4\t192.0.2.1 198.51.100.1 1 2\r\n",
                // "Heading zeroes are not permitted in front of numbers"
                "PROXY TCP4 192.0.02.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 01 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 00\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.1.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0..1 198.51.100.1 1 2\r\n",
                "PROXY TCP4 0x7f.0.0.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4 localhost 198.51.100.1 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 65536 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 -1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 +1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 999999999999\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 \u00b2 2\r\n",
                "PROXY TCP6 192.0.2.1 198.51.100.1 1 2\r\n",
                "PROXY TCP6 1:2:3:4:5:6:7 ::1 1 2\r\n",
                "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\r\n",
                "PROXY TCP6 1:2:3:4:5:6:7:8:: ::1 1 2\r\n",
                "PROXY TCP6 ::1:2:3:4:5:6:7:8 ::1 1 2\r\n",
                "PROXY TCP6 1::2::3 ::1 1 2\r\n",
                "PROXY TCP6 1:::2 ::1 1 2\r\n",
                "PROXY TCP6 :1:2:3:4:5:6:7 ::1 1 2\r\n",
                "PROXY TCP6 : ::1 1 2\r\n",
                "PROXY TCP6 12345:: ::1 1 2\r\n",
                "PROXY TCP6 g:: ::1 1 2\r\n",
                "PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
                "PROXY TCP6 [::1] ::1 1 2\r\n",
                "PROXY TCP6 \u00b2:: ::1 1 2\r\n",
                // Only CRLF ends the line.
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\rX",
                "PROXY UNKNOWN\rx\r\n",
                "PROXY UNKNOWN x\n\r\n",
            })
    void malformed(String line) {
        assertRefused(ascii(line));
    }

    @Test
    void hasAtMost107Bytes() throws ProxyProtocolException {
        // The longest that the specification knows, for TCP6 and for UNKNOWN.
        String longest =
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535"
                        .replace("f...f", "ffff:ffff:ffff:ffff:ffff:ffff");
        assertThat(longest.length() + 2).isEqualTo(107);
        assertThat(parse(ascii(longest + "\r\n")).length()).isEqualTo(107);
        assertRefused(ascii(longest + "x\r\n"));
        assertRefused(ascii(longest + "xx"));
        assertThat(parse(ascii(longest + "\r"))).isNull();
    }

    @Test
    void needsMoreUntilItsLastByte() throws ProxyProtocolException {
        for (String line :
                List.of("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", "PROXY UNKNOWN\r\n")) {
            for (int length = 0; length < line.length(); length++) {
                assertThat(parse(ascii(line.substring(0, length)))).as("%d bytes", length).isNull();
            }
            assertThat(parse(ascii(line))).isNotNull();
            assertThat(parse(ascii(line + "more")).length()).isEqualTo(line.length());
        }
    }
}
