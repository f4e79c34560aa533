package dev.kestrel.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;

class CidrBlockTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1/32, 192.0.2.1, true",
        "0.0.0.0/0, 255.1.2.3, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 10.0.0.1, false",
        "::/0, 2001:db8::1, true",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        // Mapped into IPv6, as a socket of both families may show it.
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
    })
    void contains(String block, String address, boolean expected) {
        assertThat(CidrBlock.parse(block).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10/8",
                "10.0.0/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/1000",
                "10.0.0.256",
                "::/129",
                "localhost",
                "localhost/8",
                "a.b.c.d",
                "fe80::1%1",
                "::1::",
                "[::1]",
                "10.0.0.0/\u0664",
                " 10.0.0.0/8"
            })
    void whatIsNotARangeIsRefusedWithItsText(String text) {
        assertThatThrownBy(() -> CidrBlock.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void bitsBehindThePrefixAreAMistake() {
        assertThatThrownBy(() -> CidrBlock.parse("10.0.0.1/8"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.1/8");
    }

    @Test
    void equalRangesAreEqual() {
        assertThat(CidrBlock.parse("10.0.0.1"))
                .isEqualTo(CidrBlock.parse("10.0.0.1/32"))
                .hasSameHashCodeAs(CidrBlock.parse("10.0.0.1/32"))
                .hasToString("10.0.0.1/32")
                .isNotEqualTo(CidrBlock.parse("10.0.0.2"));
    }
}
