package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;

class BannerTest {

    @Test
    void bothFamiliesOfLocalhostAreOneUrl() {
        assertThat(Banner.urls("http", List.of(address("127.0.0.1"), address("::1"))))
                .containsExactly("http://localhost:8080");
    }

    @Test
    void ipv6AddressesStandInBrackets() {
        // RFC 3986 section 3.2.2
        assertThat(Banner.urls("http", List.of(address("2001:db8::1"))))
                .containsExactly("http://[2001:db8:0:0:0:0:0:1]:8080");
    }

    @Test
    void allAddressesBeginWithLocalhost() {
        assertThat(Banner.urls("http", List.of(address("::")))).startsWith("http://localhost:8080");
    }

    @Test
    void unixSocketsAreShownByTheirPath() {
        SocketAddress socket = UnixDomainSocketAddress.of("kestrel.sock");
        assertThat(Banner.urls("http", List.of(socket))).containsExactly("unix:kestrel.sock");
    }

    private static InetSocketAddress address(String literal) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), 8080);
    }
}
