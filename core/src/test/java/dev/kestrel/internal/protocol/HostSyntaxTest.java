package dev.kestrel.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostSyntaxTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a:1",
                "example.org",
                "EXAMPLE.org:8080",
                "127.0.0.1",
                "[::1]",
                "[::1]:80",
                "a_b~c",
                "0.0.0.0=5000",
                "a;b+d"
            })
    void accepts(String host) {
        assertThat(HostSyntax.isValid(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":80",
                "a:",
                "a:b",
                "a:1:2",
                "[::]",
                "[::1",
                "[::1]x",
                "[::1]:",
                "[gggg]",
                "a b",
                "a/b",
                "a@b",
                "a,b",
                "**",
                "a\tb",
                "%41",
                "\u00e4",
                "a?b",
                "a#b",
                "http://a"
            })
    void refuses(String host) {
        assertThat(HostSyntax.isValid(host)).isFalse();
    }

    @ParameterizedTest(name = "Host {0} and {2}://{1}: {3}")
    @CsvSource({
        "a, a, http, true",
        "A, a, http, true",
        "a:80, a, http, true",
        "a, a:80, http, true",
        "a:443, a, http, false",
        "a:443, a, https, true",
        "a, b, http, false",
        "a:81, a:82, http, false",
    })
    void namesTheSameAuthority(String host, String authority, String scheme, boolean same) {
        assertThat(HostSyntax.sameAuthority(host, authority, scheme)).isEqualTo(same);
    }
}
