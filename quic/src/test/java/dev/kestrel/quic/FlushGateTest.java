package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.Test;

/** "While it is held, packets of several streams and connections collect." */
class FlushGateTest {

    private final FlushGate gate = new FlushGate();
    private final EmbeddedChannel socket = new EmbeddedChannel(gate);

    private void send(String packet) {
        socket.write(packet);
        socket.flush();
    }

    /** "Whoever held it before goes on to do so." */
    @Test
    void aGateThatIsHeldTwiceIsReleasedTwice() {
        boolean before = gate.hold();
        boolean between = gate.hold();
        send("first");
        assertThat(socket.<String>readOutbound()).isNull();
        gate.release(between);
        assertThat(socket.<String>readOutbound()).isEqualTo("first");
        send("second");
        assertThat(socket.<String>readOutbound()).isNull();
        gate.release(before);
        assertThat(socket.<String>readOutbound()).isEqualTo("second");
        send("third");
        assertThat(socket.<String>readOutbound()).isEqualTo("third");
    }
}
