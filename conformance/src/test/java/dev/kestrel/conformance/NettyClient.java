package dev.kestrel.conformance;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;

import java.net.InetAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection of Netty's HTTP/2 client, as blocking calls. For many threads at once. */
final class NettyClient implements AutoCloseable {

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<Http2Settings> settings = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> goAways = new LinkedBlockingQueue<>();
    private final Channel channel;

    /** Connects, and waits for the server's settings. */
    NettyClient(int port, Http2Settings own) throws InterruptedException {
        channel =
                new Bootstrap()
                        .group(group)
                        .channel(NioSocketChannel.class)
                        .handler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel socket) {
                                        initialize(socket, own);
                                    }
                                })
                        .connect(InetAddress.getLoopbackAddress(), port)
                        .sync()
                        .channel();
        settings.take();
    }

    private void initialize(SocketChannel socket, Http2Settings own) {
        socket.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forClient()
                                .initialSettings(own)
                                // Bounds for servers that attack; a test may do as much.
                                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                                .encoderEnforceMaxRstFramesPerWindow(0, 0)
                                .build())
                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
                .addLast(new ConnectionFrames());
    }

    /** Opens a stream; it has no id before its first frame. */
    NettyStream open() throws InterruptedException {
        return new NettyStream(channel, true);
    }

    /** Opens a stream that lets its window run out while nobody asks for what comes. */
    NettyStream openSlow() throws InterruptedException {
        return new NettyStream(channel, false);
    }

    /** Sends a request without a body and takes in the response. */
    NettyStream.Response get(String path) throws Exception {
        NettyStream stream = open();
        stream.request("GET", path, true);
        return stream.response();
    }

    /** Waits for the next GOAWAY. Its answer is the error code. */
    long awaitGoAway() throws InterruptedException {
        return goAways.take();
    }

    /** Waits until the connection is closed. */
    void awaitClosed() throws InterruptedException {
        channel.closeFuture().sync();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class ConnectionFrames extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            switch (frame) {
                case Http2SettingsFrame those -> settings.add(those.settings());
                case Http2GoAwayFrame goAway -> goAways.add(goAway.errorCode());
                default -> {
                    // Acknowledgements.
                }
            }
            ReferenceCountUtil.release(frame);
        }
    }
}
