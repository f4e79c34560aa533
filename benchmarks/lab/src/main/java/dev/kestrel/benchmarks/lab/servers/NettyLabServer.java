package dev.kestrel.benchmarks.lab.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;

import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/** Netty 4.2: epoll and BoringSSL where they can be had, answers on the event loops. */
public final class NettyLabServer {

    private final MultiThreadIoEventLoopGroup loops;
    private final Class<? extends ServerChannel> channel;

    private NettyLabServer() {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        loops =
                new MultiThreadIoEventLoopGroup(
                        Runtime.getRuntime().availableProcessors(), factory);
        channel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** Arguments: the ports of HTTP/1.1, HTTP/2 and TLS, and a directory. */
    public static void main(String... args) throws Exception {
        ServerProcess process = ServerProcess.parse(args);
        HttpDates.start();
        NettyLabServer server = new NettyLabServer();
        server.bind(process.http(), NettyLabServer::http1);
        server.bind(process.h2c(), NettyLabServer::http2);
        if (ServerProcess.tls()) {
            SslContext tls = tls(process);
            server.bind(process.https(), pipeline -> negotiate(pipeline, tls));
        }
        if (process.http3()) {
            NettyHttp3.bind(process, server.loops, Runtime.getRuntime().availableProcessors());
        }
        ServerProcess.serve(
                (Epoll.isAvailable() ? "epoll" : "NIO")
                        + ", event loops, /sleep on a timer, TLS of "
                        + (OpenSsl.isAvailable() ? "BoringSSL" : "the JDK"));
    }

    private void bind(int port, Consumer<ChannelPipeline> protocol) throws InterruptedException {
        new ServerBootstrap()
                .group(loops)
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel accepted) {
                                protocol.accept(accepted.pipeline());
                            }
                        })
                .bind(ServerProcess.address(port))
                .sync();
    }

    private static void http1(ChannelPipeline pipeline) {
        pipeline.addLast(new HttpServerCodec(), new NettyHttp1Handler());
    }

    private static void http2(ChannelPipeline pipeline) {
        pipeline.addLast(Http2FrameCodecBuilder.forServer().build(), new NettyHttp2Handler());
    }

    private static void negotiate(ChannelPipeline pipeline, SslContext tls) {
        pipeline.addLast(
                tls.newHandler(pipeline.channel().alloc()),
                new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
                    @Override
                    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                            http2(ctx.pipeline());
                        } else {
                            http1(ctx.pipeline());
                        }
                    }
                });
    }

    private static SslContext tls(ServerProcess process) throws SSLException {
        return SslContextBuilder.forServer(process.chain().toFile(), process.key().toFile())
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                ApplicationProtocolConfig.Protocol.ALPN,
                                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                                ApplicationProtocolNames.HTTP_2,
                                ApplicationProtocolNames.HTTP_1_1))
                .build();
    }
}
