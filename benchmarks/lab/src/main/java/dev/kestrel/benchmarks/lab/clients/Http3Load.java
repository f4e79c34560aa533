package dev.kestrel.benchmarks.lab.clients;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.util.ReferenceCountUtil;

import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Loads a server over HTTP/3 and prints what it saw. A client of QUIC that writes requests which
 * are made already, and looks at no more of an answer than its status and its length.
 */
public final class Http3Load {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final int RECEIVED_PAYLOAD = 2048;
    private static final int BATCH = 32;
    private static final int SENT_PAYLOAD = 1350;
    private static final long PATIENCE_SECONDS = 20;

    private Http3Load() {}

    /**
     * Arguments: port, path, connections, streams of each, size of the body, length that answers
     * must have, file of the certificate, threads, seconds before it counts, seconds that it
     * counts, and, when these are 0, how many requests to send instead.
     */
    public static void main(String... args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int count = Integer.parseInt(args[2]);
        int streams = Integer.parseInt(args[3]);
        int expected = Integer.parseInt(args[5]);
        int threads = Integer.parseInt(args[7]);
        double warmUp = Double.parseDouble(args[8]);
        double seconds = Double.parseDouble(args[9]);
        long requests = seconds > 0 ? Long.MAX_VALUE : Long.parseLong(args[10]);
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Http3Request request =
                new Http3Request("127.0.0.1:" + port, args[1], Integer.parseInt(args[4]));
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(threads, EpollIoHandler.newFactory());
        QuicSslContext tls =
                QuicSslContextBuilder.forClient()
                        .trustManager(new File(args[6]))
                        .applicationProtocols("h3")
                        .build();
        List<Http3Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(new Http3Connection(connect(loops, tls, server), request, expected));
        }
        connections.forEach(connection -> connection.begin(streams, requests));
        long nanos = 0;
        if (seconds > 0) {
            Thread.sleep((long) (warmUp * 1000));
            connections.forEach(connection -> connection.measure(true));
            System.out.println(Tally.BEGUN);
            long begin = System.nanoTime();
            Thread.sleep((long) (seconds * 1000));
            connections.forEach(connection -> connection.measure(false));
            nanos = System.nanoTime() - begin;
            System.out.println(Tally.ENDED);
            connections.forEach(Http3Connection::stop);
        }
        Tally all = new Tally();
        for (Http3Connection connection : connections) {
            if (!connection.done().await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.out.println("a connection has no answer to all of its requests");
                all.failed(1);
            }
            all.add(connection.tally());
        }
        all.print(System.out, nanos);
        System.out.flush();
        // So that servers need not wait for connections to time out.
        connections.forEach(Http3Connection::close);
        Runtime.getRuntime().halt(0);
    }

    /** A connection has a socket of its own, as those of different clients have. */
    private static QuicChannel connect(
            EventLoopGroup loops, QuicSslContext tls, InetSocketAddress server) throws Exception {
        ChannelHandler codec =
                new QuicClientCodecBuilder()
                        .sslEngineProvider(
                                channel ->
                                        tls.newEngine(
                                                channel.alloc(), "localhost", server.getPort()))
                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                        .initialMaxData(64L * MEBIBYTE)
                        .initialMaxStreamDataBidirectionalLocal(16L * MEBIBYTE)
                        .initialMaxStreamDataUnidirectional(MEBIBYTE)
                        .initialMaxStreamsUnidirectional(16)
                        .maxSendUdpPayloadSize(SENT_PAYLOAD)
                        .maxRecvUdpPayloadSize(RECEIVED_PAYLOAD)
                        .build();
        Channel socket =
                new Bootstrap()
                        .group(loops)
                        .channel(EpollDatagramChannel.class)
                        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, RECEIVED_PAYLOAD)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(BATCH * RECEIVED_PAYLOAD))
                        .option(ChannelOption.SO_RCVBUF, 4 * MEBIBYTE)
                        .option(ChannelOption.SO_SNDBUF, 4 * MEBIBYTE)
                        .handler(codec)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .sync()
                        .channel();
        return QuicChannel.newBootstrap(socket)
                .option(
                        QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                        EpollQuicUtils.newSegmentedAllocator(BATCH))
                .handler(new ChannelInboundHandlerAdapter())
                .streamHandler(new Ignored())
                .remoteAddress(server)
                .connect()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The server's own streams: settings, and tables that nobody asked for. */
    @ChannelHandler.Sharable
    private static final class Ignored extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
