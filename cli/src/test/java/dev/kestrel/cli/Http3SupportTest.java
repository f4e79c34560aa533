package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.kestrel.options.LocalhostEndPoint;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;

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

    /** The server listens on both addresses of the loopback interface. */
    @Test
    void aPortThatIsTakenOfTheOtherFamily() throws IOException {
        try (DatagramChannel other = DatagramChannel.open()) {
            try {
                other.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            } catch (IOException | UnsupportedAddressTypeException e) {
                abort("There is no IPv6 here: " + e);
            }
            int port = ((InetSocketAddress) other.getLocalAddress()).getPort();
            assertThat(Http3Support.isPortTaken(new LocalhostEndPoint(port))).isTrue();
        }
    }

    /** An address of another machine is not free, and not taken either: the server will say it. */
    @Test
    void anAddressThatIsElsewhere() {
        InetAddress elsewhere = InetAddress.ofLiteral("192.0.2.1");
        assertThat(Http3Support.isPortTaken(new InetSocketAddress(elsewhere, 1))).isFalse();
    }
}
