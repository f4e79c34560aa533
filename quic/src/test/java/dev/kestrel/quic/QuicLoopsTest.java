package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.sockets.SocketThreads;
import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.internal.loops.SchedulerDoor;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.testkit.UdpSockets;

import io.netty.channel.epoll.Epoll;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * How many loops there are: "a UDP socket and a loop for each processor where loops carry the
 * connections, 64 at most; for two processors otherwise, 8 at most". Runs where the JVM opens
 * {@code java.lang} and where it does not.
 */
@Timeout(60)
class QuicLoopsTest {

    private static final boolean OPEN = SchedulerDoor.instance().isOpen();
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int CARRIED = Math.min(PROCESSORS, 64);
    private static final int PORTABLE = Math.clamp(PROCESSORS / 2, 1, 8);

    private final MemoryPool pool = new MemoryPool();

    @BeforeAll
    static void socketsShareAPortAndAreCounted() {
        Assumptions.assumeTrue(Epoll.isAvailable() && UdpSockets.areKnown());
    }

    @Test
    void asManyAsTheProcessorsAskFor() throws IOException {
        assertThat(sockets(new QuicTransport(pool))).isEqualTo(OPEN ? CARRIED : PORTABLE);
        assertThat(sockets(transport(SocketThreads.PORTABLE, 0))).isEqualTo(PORTABLE);
    }

    @Test
    void asManyAsTheOptionsSay() throws IOException {
        assertThat(sockets(transport(SocketThreads.AUTOMATIC, 3))).isEqualTo(3);
        assertThat(sockets(transport(SocketThreads.PORTABLE, 3))).isEqualTo(3);
    }

    /** "A transport that can have the same threads, and as many loops, does." */
    @Test
    void asManyAsTheServersSocketsHave() throws IOException {
        assertThat(sockets(ofModule(SocketThreads.AUTOMATIC, 3))).isEqualTo(OPEN ? 3 : PORTABLE);
        assertThat(sockets(ofModule(SocketThreads.AUTOMATIC, 65))).isEqualTo(OPEN ? 64 : PORTABLE);
        // The number is one of loops, and there are none.
        assertThat(sockets(ofModule(SocketThreads.PORTABLE, 3))).isEqualTo(PORTABLE);
    }

    private MultiplexedConnectionListenerFactory transport(SocketThreads threads, int count) {
        return new QuicTransport(
                pool, QuicTransportOptions.builder().threads(threads).loopCount(count).build());
    }

    private MultiplexedConnectionListenerFactory ofModule(SocketThreads threads, int loops) {
        return new QuicTransportProvider()
                .create(
                        pool,
                        SocketTransportOptions.builder().threads(threads).loops(loops).build());
    }

    /** Each loop has one. */
    private static int sockets(MultiplexedConnectionListenerFactory transport) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        MultiplexedConnectionListener listener =
                transport.bind(address, new TestHosts(), MultiplexedLimits.DEFAULT);
        try {
            return UdpSockets.on(((InetSocketAddress) listener.endPoint()).getPort());
        } finally {
            listener.close();
        }
    }
}
