package dev.kestrel.conformance;

import dev.kestrel.testkit.TestCertificate;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelBootstrap;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.ReferenceCountUtil;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection of Netty's HTTP/3 client, as blocking calls. For many threads at once. */
final class NettyHttp3Client implements AutoCloseable {

    private static final int WINDOW = 256 * 1024;
    private static final int PATIENCE_SECONDS = 30;

    private static final EventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private final BlockingQueue<Long> goAways;
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private final Channel socket;
    private final QuicChannel channel;
    private final BlockingQueue<QuicStreamChannel> opened = new LinkedBlockingQueue<>();

    private NettyHttp3Client(
            int port, QuicSslContext tls, BlockingQueue<Long> goAways, ChannelHandler protocol)
            throws Exception {
        this.goAways = goAways;
        ChannelHandler codec =
                new QuicClientCodecBuilder()
                        .sslEngineProvider(
                                connection -> tls.newEngine(connection.alloc(), "example.org", 443))
                        .maxIdleTimeout(30, TimeUnit.SECONDS)
                        .initialMaxData(4L * WINDOW)
                        .initialMaxStreamDataBidirectionalLocal(WINDOW)
                        .initialMaxStreamDataUnidirectional(WINDOW)
                        .initialMaxStreamsUnidirectional(3)
                        .build();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        socket =
                new Bootstrap()
                        .group(GROUP)
                        .channel(NioDatagramChannel.class)
                        .handler(codec)
                        .bind(new InetSocketAddress(loopback, 0))
                        .sync()
                        .channel();
        QuicChannelBootstrap bootstrap =
                QuicChannel.newBootstrap(socket)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel connection) {
                                        connection.pipeline().addLast(new Watcher(), protocol);
                                    }
                                })
                        .remoteAddress(new InetSocketAddress(loopback, port));
        if (!(protocol instanceof Http3ClientConnectionHandler)) {
            bootstrap.streamHandler(
                    new ChannelInitializer<QuicStreamChannel>() {
                        @Override
                        protected void initChannel(QuicStreamChannel stream) {
                            stream.pipeline().addLast(new Ignored());
                            opened.add(stream);
                        }
                    });
        }
        channel = bootstrap.connect().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** A client that speaks HTTP/3. */
    static NettyHttp3Client connect(int port) throws Exception {
        return connect(port, tls().build());
    }

    static NettyHttp3Client connect(int port, QuicSslContext tls) throws Exception {
        BlockingQueue<Long> ids = new LinkedBlockingQueue<>();
        return new NettyHttp3Client(
                port,
                tls,
                ids,
                new Http3ClientConnectionHandler(
                        new Control(ids),
                        null,
                        null,
                        // Its decoder lets the end of a stream overtake fields that wait for
                        // entries.
                        new DefaultHttp3SettingsFrame(Http3Settings.defaultSettings()),
                        false));
    }

    /** A client that says nothing by itself. */
    static NettyHttp3Client connectSilent(int port) throws Exception {
        return new NettyHttp3Client(
                port,
                tls().build(),
                new LinkedBlockingQueue<>(),
                new ChannelInboundHandlerAdapter());
    }

    static QuicSslContextBuilder tls() {
        return QuicSslContextBuilder.forClient()
                .trustManager(TestCertificate.certificate())
                .applicationProtocols(Http3.supportedApplicationProtocols());
    }

    NettyHttp3Stream open() throws Exception {
        return new NettyHttp3Stream(channel, true);
    }

    /** A stream from which nothing is read that nobody asks for. */
    NettyHttp3Stream openSlow() throws Exception {
        return new NettyHttp3Stream(channel, false);
    }

    NettyHttp3Stream.Response get(String path) throws Exception {
        NettyHttp3Stream stream = open();
        stream.request("GET", path, true);
        return stream.response();
    }

    /** Opens a stream and sends these bytes, whatever they mean. */
    QuicStreamChannel send(QuicStreamType type, String hex, boolean end) throws Exception {
        QuicStreamChannel stream = channel.createStream(type, new Ignored()).get();
        stream.writeAndFlush(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex))).sync();
        if (end) {
            stream.shutdownOutput().sync();
        }
        return stream;
    }

    /** The next stream that the server opens, of a client that says nothing by itself. */
    QuicStreamChannel awaitStream() throws InterruptedException {
        return opened.take();
    }

    /** The number of the next GOAWAY. */
    long awaitGoAway() throws InterruptedException {
        return goAways.take();
    }

    /** The code with which the server closes the connection. */
    int awaitClosed() throws Exception {
        return closeCode.get();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        socket.close().awaitUninterruptibly();
    }

    private final class Watcher extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof QuicConnectionCloseEvent closed) {
                closeCode.complete(closed.error());
            }
            context.fireUserEventTriggered(event);
        }
    }

    private static final class Control extends ChannelInboundHandlerAdapter {

        private final BlockingQueue<Long> ids;

        Control(BlockingQueue<Long> ids) {
            this.ids = ids;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            if (frame instanceof Http3GoAwayFrame goAway) {
                ids.add(goAway.id());
            }
            ReferenceCountUtil.release(frame);
        }
    }

    @ChannelHandler.Sharable
    private static final class Ignored extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // Streams that the server resets.
        }
    }
}
