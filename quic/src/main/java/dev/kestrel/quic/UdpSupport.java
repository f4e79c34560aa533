package dev.kestrel.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.lang.System.Logger.Level;
import java.util.List;

/**
 * How UDP is done here: on Linux several packets go with one system call (recvmmsg, sendmmsg, UDP
 * segmentation), and several sockets share a port. Immutable.
 *
 * @param epoll whether that works
 */
record UdpSupport(boolean epoll) {

    /** The largest packet that is taken; no path outside of a machine carries more. */
    static final int RECEIVED_PAYLOAD = 2048;

    private static final System.Logger LOG = System.getLogger(UdpSupport.class.getName());

    /**
     * What the system keeps of packets that wait, if it allows so much: packets of all connections
     * come through one socket, and those that do not fit are lost.
     */
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

    /** How many packets are read with one call at most. */
    private static final int READ_BATCH = 32;

    /** How many packets one buffer is cut into by the system at most. */
    private static final int SEGMENTS = 32;

    static UdpSupport find() {
        return new UdpSupport(Epoll.isAvailable());
    }

    /**
     * How many loops to run.
     *
     * @param wanted a number, or zero
     * @param carried whether loops run what answers requests, too, and not only move bytes
     */
    int loops(int wanted, boolean carried) {
        if (!epoll) {
            return 1;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        return wanted > 0
                ? wanted
                : carried
                        ? Math.min(processors, QuicTransportOptions.MAX_LOOPS)
                        : Math.clamp(processors / 2, 1, 8);
    }

    EventLoopGroup group(int loops) {
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(
                loops, new DefaultThreadFactory("kestrel-quic", true), factory);
    }

    Bootstrap bootstrap(EventLoopGroup group, boolean sharePort) {
        Bootstrap bootstrap =
                new Bootstrap().group(group).option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER);
        if (!epoll) {
            return bootstrap
                    .channel(NioDatagramChannel.class)
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new FixedRecvByteBufAllocator(RECEIVED_PAYLOAD));
        }
        return bootstrap
                .channel(EpollDatagramChannel.class)
                .option(UnixChannelOption.SO_REUSEPORT, sharePort)
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, RECEIVED_PAYLOAD)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(READ_BATCH * RECEIVED_PAYLOAD));
    }

    /**
     * Several packets with one call. Netty's module of QUIC does not say that it reads those of
     * epoll: on the module path the JVM has to be told, and without that packets go one by one.
     */
    SegmentedDatagramPacketAllocator segments() {
        if (!epoll) {
            return SegmentedDatagramPacketAllocator.NONE;
        }
        Module quic = EpollQuicUtils.class.getModule();
        for (Class<?> needed : List.of(EpollDatagramChannel.class, UnixChannelOption.class)) {
            if (!quic.canRead(needed.getModule())) {
                LOG.log(
                        Level.WARNING,
                        "Packets of QUIC are sent one by one. The JVM can send several at once with"
                                + " --add-reads {0}={1}",
                        quic.getName(),
                        needed.getModule().getName());
                return SegmentedDatagramPacketAllocator.NONE;
            }
        }
        return EpollQuicUtils.newSegmentedAllocator(SEGMENTS);
    }
}
