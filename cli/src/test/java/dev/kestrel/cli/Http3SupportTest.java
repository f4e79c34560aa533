package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.options.LocalhostEndPoint;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

class Http3SupportTest {

    /** "Whether some other program has the UDP port of an endpoint, which may be free for TCP." */
    @Test
    void aPortThatIsTaken() throws IOException {
        try (DatagramChannel other = DatagramChannel.open()) {
            other.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            InetSocketAddress address = (InetSocketAddress) other.getLocalAddress();
            assertThat(Http3Support.isPortTaken(address)).isTrue();
            assertThat(Http3Support.isPortTaken(new LocalhostEndPoint(address.getPort()))).isTrue();
        }
        assertThat(Http3Support.isPortTaken(new LocalhostEndPoint(0))).isFalse();
    }
}
