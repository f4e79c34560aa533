package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedLimits;
import dev.kestrel.connections.sockets.SocketThreads;
import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.internal.loops.SchedulerDoor;
import dev.kestrel.pipelines.MemoryPool;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * "Which threads carry the connections: those that move the bytes, or the JDK's." Runs where the
 * JVM opens {@code java.lang} and where it does not.
 */
@Timeout(60)
class QuicThreadsTest {

    private static final boolean OPEN = SchedulerDoor.instance().isOpen();

    private final MemoryPool pool = new MemoryPool();

    @Test
    void automatic() throws Exception {
        assertThat(carrier(new QuicTransport(pool)))
                .startsWith(OPEN ? "kestrel-loop" : "ForkJoinPool");
    }

    @Test
    void portable() throws Exception {
        assertThat(carrier(new QuicTransport(pool, options(SocketThreads.PORTABLE))))
                .startsWith("ForkJoinPool");
    }

    /** "A transport that can have the same threads, and as many loops, does." */
    @Test
    void thoseOfTheServersSockets() throws Exception {
        QuicTransportProvider provider = new QuicTransportProvider();
        assertThat(carrier(provider.create(pool, sockets(SocketThreads.PORTABLE))))
                .startsWith("ForkJoinPool");
        assertThat(carrier(provider.create(pool, sockets(SocketThreads.AUTOMATIC))))
                .startsWith(OPEN ? "kestrel-loop" : "ForkJoinPool");
    }

    /** "When the options ask for loops, and the JVM does not allow them." */
    @Test
    void loops() throws Exception {
        if (OPEN) {
            assertThat(carrier(new QuicTransport(pool, options(SocketThreads.LOOPS))))
                    .startsWith("kestrel-loop");
        } else {
            assertThatThrownBy(() -> new QuicTransport(pool, options(SocketThreads.LOOPS)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("--add-opens=java.base/java.lang=ALL-UNNAMED");
        }
    }

    /** "Loops need Linux": elsewhere, as without epoll, event loops are threads of Netty's. */
    @Test
    void withoutEpollLoopsCarryNothing() {
        EventLoops loops = EventLoops.start(new UdpSupport(false), SocketThreads.LOOPS, 1);
        try {
            assertThat(loops).isInstanceOf(EventLoops.Portable.class);
        } finally {
            loops.close();
        }
    }

    /** "Starts guests, or none when one of them can not be made." */
    @Test
    void whenTheThirdLoopCanNotBeMadeTheOthersEnd() {
        if (!OPEN || !Epoll.isAvailable()) {
            return;
        }
        IoHandlerFactory epoll = EpollIoHandler.newFactory();
        List<ThreadAwareExecutor> made = new ArrayList<>();
        IoHandlerFactory twoAtMost =
                loop -> {
                    if (made.size() == 2) {
                        throw new IllegalStateException("no descriptors are left");
                    }
                    made.add(loop);
                    return epoll.newHandler(loop);
                };
        assertThatThrownBy(() -> EventLoops.carried(SchedulerDoor.instance(), twoAtMost, 3))
                .hasMessage("no descriptors are left");
        assertThat(made).hasSize(2).allMatch(loop -> ((CarriedEventLoop) loop).isTerminated());
    }

    private static SocketTransportOptions sockets(SocketThreads threads) {
        return SocketTransportOptions.builder().threads(threads).build();
    }

    private static QuicTransportOptions options(SocketThreads threads) {
        return QuicTransportOptions.builder().threads(threads).build();
    }

    /** The name of the platform thread that carries a thread of a connection. */
    private static String carrier(MultiplexedConnectionListenerFactory transport)
            throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        MultiplexedConnectionListener listener =
                transport.bind(address, new TestHosts(), MultiplexedLimits.DEFAULT);
        try (TestQuicClient client =
                        TestQuicClient.connect((InetSocketAddress) listener.endPoint());
                MultiplexedConnectionContext connection =
                        Objects.requireNonNull(listener.accept())) {
            assertThat(client.channel.isActive()).isTrue();
            CompletableFuture<String> name = new CompletableFuture<>();
            connection.newThread(() -> name.complete(Thread.currentThread().toString())).start();
            String thread = name.join();
            return thread.substring(thread.indexOf('@') + 1);
        } finally {
            listener.close();
        }
    }
}
