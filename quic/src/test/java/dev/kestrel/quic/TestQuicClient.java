package dev.kestrel.quic;

import dev.kestrel.testkit.TestCertificate;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A connection of Netty's client, for blocking tests. */
final class TestQuicClient implements AutoCloseable {

    private static final EventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("test-client", true), NioIoHandler.newFactory());

    final BlockingQueue<TestQuicStream> opened = new LinkedBlockingQueue<>();
    final CompletableFuture<QuicConnectionCloseEvent> closeEvent = new CompletableFuture<>();
    final AtomicInteger retries = new AtomicInteger();
    final Channel socket;
    final QuicChannel channel;

    private TestQuicClient(Builder builder, InetSocketAddress address) throws IOException {
        QuicSslContext context = builder.context();
        QuicClientCodecBuilder codec =
                new QuicClientCodecBuilder()
                        .sslEngineProvider(
                                connection -> {
                                    String name = builder.name;
                                    return name == null
                                            ? context.newEngine(connection.alloc())
                                            : context.newEngine(connection.alloc(), name, 443);
                                })
                        .maxIdleTimeout(30, TimeUnit.SECONDS)
                        .initialMaxData(1024 * 1024)
                        .initialMaxStreamDataBidirectionalLocal(256 * 1024)
                        .initialMaxStreamDataBidirectionalRemote(256 * 1024)
                        .initialMaxStreamDataUnidirectional(256 * 1024)
                        .initialMaxStreamsUnidirectional(3);
        builder.codec.accept(codec);
        socket =
                channelOf(
                        new Bootstrap()
                                .group(GROUP)
                                .channel(NioDatagramChannel.class)
                                .handler(new Wire(codec.build()))
                                .bind(new InetSocketAddress(address.getAddress(), 0)));
        try {
            channel =
                    await(
                            QuicChannel.newBootstrap(socket)
                                    .handler(new Watcher())
                                    .streamHandler(
                                            new ChannelInitializer<QuicStreamChannel>() {
                                                @Override
                                                protected void initChannel(
                                                        QuicStreamChannel stream) {
                                                    opened.add(new TestQuicStream(stream, true));
                                                }
                                            })
                                    .remoteAddress(address)
                                    .connect());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static TestQuicClient connect(InetSocketAddress address) throws IOException {
        return new Builder().connect(address);
    }

    TestQuicStream open() throws IOException {
        return open(QuicStreamType.BIDIRECTIONAL, true);
    }

    TestQuicStream open(QuicStreamType type, boolean reads) throws IOException {
        CompletableFuture<TestQuicStream> made = new CompletableFuture<>();
        ChannelHandler initializer =
                new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel stream) {
                        made.complete(new TestQuicStream(stream, reads));
                    }
                };
        await(channel.createStream(type, initializer));
        return made.orTimeout(30, TimeUnit.SECONDS).join();
    }

    void close(int code) throws IOException {
        await(channel.close(true, code, Unpooled.EMPTY_BUFFER));
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly(30, TimeUnit.SECONDS);
        socket.close().awaitUninterruptibly(30, TimeUnit.SECONDS);
    }

    static <T> T await(Future<T> future) throws IOException {
        if (!future.awaitUninterruptibly(30, TimeUnit.SECONDS)) {
            throw new IOException("Nothing has happened for 30 seconds");
        }
        if (future.isSuccess()) {
            return future.getNow();
        }
        throw new IOException(future.cause());
    }

    private static Channel channelOf(ChannelFuture future) throws IOException {
        await(future);
        return future.channel();
    }

    /** Counts Retry packets (RFC 9000 section 17.2.5). */
    private final class Wire extends ChannelInitializer<Channel> {

        private final ChannelHandler codec;

        Wire(ChannelHandler codec) {
            this.codec = codec;
        }

        @Override
        protected void initChannel(Channel opened) {
            opened.pipeline()
                    .addLast(
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelRead(
                                        ChannelHandlerContext context, Object message) {
                                    var packet = ((DatagramPacket) message).content();
                                    int first = packet.getUnsignedByte(packet.readerIndex());
                                    if ((first & 0xf0) == 0xf0) {
                                        retries.incrementAndGet();
                                    }
                                    context.fireChannelRead(message);
                                }
                            },
                            codec);
        }
    }

    private final class Watcher extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof QuicConnectionCloseEvent closed) {
                closeEvent.complete(closed);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // A test that expects a failure sees it where it waits.
        }
    }

    /** How to connect. */
    static final class Builder {
        @Nullable String name = "example.org";
        String protocol = "h3";
        Consumer<QuicSslContextBuilder> tls = builder -> {};
        Consumer<QuicClientCodecBuilder> codec = builder -> {};
        private @Nullable QuicSslContext context;

        Builder name(@Nullable String wanted) {
            name = wanted;
            return this;
        }

        Builder protocol(String wanted) {
            protocol = wanted;
            return this;
        }

        Builder tls(Consumer<QuicSslContextBuilder> change) {
            tls = change;
            return this;
        }

        Builder codec(Consumer<QuicClientCodecBuilder> change) {
            codec = change;
            return this;
        }

        /** Keeps what connections of this builder know of the server, as its sessions. */
        QuicSslContext context() {
            QuicSslContext made = context;
            if (made == null) {
                QuicSslContextBuilder settings =
                        QuicSslContextBuilder.forClient()
                                .trustManager(TestCertificate.certificate())
                                .applicationProtocols(protocol);
                tls.accept(settings);
                made = settings.build();
                context = made;
            }
            return made;
        }

        TestQuicClient connect(InetSocketAddress address) throws IOException {
            return new TestQuicClient(this, address);
        }
    }
}
