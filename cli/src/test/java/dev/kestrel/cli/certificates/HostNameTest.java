package dev.kestrel.cli.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "App.Test, app.test, false",
        "*.dev.test, *.dev.test, false",
        "b\u00fccher.test, xn--bcher-kva.test, false",
        "10.0.0.1, 10.0.0.1, true",
        "::1, ::1, true",
        "[::1], ::1, true",
        "2001:DB8::1, 2001:db8:0:0:0:0:0:1, true"
    })
    void namesAndAddresses(String text, String name, boolean address) {
        assertThat(HostName.of(text)).isEqualTo(new HostName(name, address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a/b",
                "https://a",
                "a_b",
                "-a",
                "a..b",
                "*",
                "*.*.test",
                "a.*.test",
                "10.0.0",
                "1.2.3.4.5",
                "256.0.0.1",
                "::1%eth0",
                "fe80::x"
            })
    void othersAreRefused(String text) {
        assertThatThrownBy(() -> HostName.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
