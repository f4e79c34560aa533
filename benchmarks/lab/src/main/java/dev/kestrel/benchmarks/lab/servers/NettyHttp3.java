package dev.kestrel.benchmarks.lab.servers;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicCodecDispatcher;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;

import java.util.concurrent.TimeUnit;

/**
 * HTTP/3 of Netty: a socket for each event loop, many packets with one call of the system, and
 * windows that do not hold the load back.
 */
final class NettyHttp3 {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final int RECEIVED_PAYLOAD = 2048;
    private static final int SENT_PAYLOAD = 1350;
    private static final int BATCH = 32;

    private final QuicSslContext tls;

    private NettyHttp3(ServerProcess process) {
        tls =
                QuicSslContextBuilder.forServer(
                                process.key().toFile(), null, process.chain().toFile())
                        .applicationProtocols(Http3.supportedApplicationProtocols())
                        .build();
    }

    static void bind(ServerProcess process, EventLoopGroup loops, int count)
            throws InterruptedException {
        NettyHttp3 http3 = new NettyHttp3(process);
        if (!Epoll.isAvailable()) {
            new Bootstrap()
                    .group(loops)
                    .channel(NioDatagramChannel.class)
                    .handler(http3.codec(QuicConnectionIdGenerator.signGenerator()))
                    .bind(ServerProcess.address(process.https()))
                    .sync();
            return;
        }
        ChannelHandler dispatcher =
                new QuicCodecDispatcher() {
                    @Override
                    protected void initChannel(
                            Channel socket, int index, QuicConnectionIdGenerator ids) {
                        socket.pipeline().addLast(http3.codec(ids));
                    }
                };
        for (int i = 0; i < count; i++) {
            new Bootstrap()
                    .group(loops)
                    .channel(EpollDatagramChannel.class)
                    .option(UnixChannelOption.SO_REUSEPORT, true)
                    .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, RECEIVED_PAYLOAD)
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new FixedRecvByteBufAllocator(BATCH * RECEIVED_PAYLOAD))
                    .option(ChannelOption.SO_RCVBUF, 4 * MEBIBYTE)
                    .handler(dispatcher)
                    .bind(ServerProcess.address(process.https()))
                    .sync();
        }
    }

    private ChannelHandler codec(QuicConnectionIdGenerator ids) {
        QuicServerCodecBuilder builder =
                Http3.newQuicServerCodecBuilder()
                        .sslContext(tls)
                        .connectionIdAddressGenerator(ids)
                        .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
                        .maxIdleTimeout(300, TimeUnit.SECONDS)
                        .initialMaxData(16L * MEBIBYTE)
                        .initialMaxStreamDataBidirectionalRemote(2L * MEBIBYTE)
                        .initialMaxStreamDataUnidirectional(MEBIBYTE)
                        .initialMaxStreamsBidirectional(256)
                        .initialMaxStreamsUnidirectional(16)
                        .maxSendUdpPayloadSize(SENT_PAYLOAD)
                        .maxRecvUdpPayloadSize(RECEIVED_PAYLOAD)
                        .handler(
                                new ChannelInitializer<QuicChannel>() {
                                    @Override
                                    protected void initChannel(QuicChannel connection) {
                                        connection
                                                .pipeline()
                                                .addLast(
                                                        new Http3ServerConnectionHandler(
                                                                new Streams()));
                                    }
                                });
        if (Epoll.isAvailable()) {
            builder.option(
                    QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                    EpollQuicUtils.newSegmentedAllocator(BATCH));
        }
        return builder.build();
    }

    private static final class Streams extends ChannelInitializer<QuicStreamChannel> {

        @Override
        protected void initChannel(QuicStreamChannel stream) {
            stream.pipeline().addLast(new NettyHttp3Handler());
        }
    }
}
