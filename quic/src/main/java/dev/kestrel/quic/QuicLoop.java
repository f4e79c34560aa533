package dev.kestrel.quic;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.AttributeKey;

import java.util.concurrent.TimeUnit;

/**
 * A socket with its thread: what the connections on it share. The thread moves bytes and nothing
 * else.
 */
final class QuicLoop {

    private static final AttributeKey<ConnectionHandler> HANDLER =
            AttributeKey.valueOf(QuicLoop.class, "handler");

    /** What nearly every path carries, with IPv6 and a tunnel around it. */
    private static final int SENT_PAYLOAD = 1350;

    private final Shared shared;
    private final FlushGate gate = new FlushGate();
    private final Scratch scratch = new Scratch();
    private final LoopQueue queue;

    QuicLoop(Shared shared, Channel socket) {
        this.shared = shared;
        this.queue = new LoopQueue(socket.eventLoop(), gate);
        gate.serve(queue);
    }

    Shared shared() {
        return shared;
    }

    LoopQueue queue() {
        return queue;
    }

    Scratch scratch() {
        return scratch;
    }

    /** Puts QUIC on the socket. On the loop. */
    void install(Channel socket, QuicConnectionIdGenerator ids, UdpSupport udp) {
        socket.pipeline().addLast(ShortDatagrams.INSTANCE, gate, codec(ids, udp));
        socket.closeFuture().addListener(closed -> scratch.close());
    }

    private ChannelHandler codec(QuicConnectionIdGenerator ids, UdpSupport udp) {
        TransportSettings settings = shared.settings();
        long idle = TimeUnit.MILLISECONDS.convert(settings.options().idleTimeout());
        QuicServerCodecBuilder builder =
                new QuicServerCodecBuilder()
                        .sslEngineProvider(this::engine)
                        .tokenHandler(shared.tokens())
                        .connectionIdAddressGenerator(ids)
                        .handler(new ConnectionInitializer())
                        .streamHandler(new StreamInitializer())
                        .initialMaxData(settings.connectionWindow())
                        .initialMaxStreamDataBidirectionalRemote(settings.streamWindow())
                        .initialMaxStreamDataUnidirectional(settings.streamWindow())
                        .initialMaxStreamsBidirectional(settings.bidirectionalStreams())
                        .initialMaxStreamsUnidirectional(settings.unidirectionalStreams())
                        .maxSendUdpPayloadSize(SENT_PAYLOAD)
                        .maxRecvUdpPayloadSize(UdpSupport.RECEIVED_PAYLOAD)
                        .option(
                                QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                                new BatchedSegments(udp.segments(), queue));
        if (idle > 0) {
            builder.maxIdleTimeout(idle, TimeUnit.MILLISECONDS);
        }
        return builder.build();
    }

    private QuicSslEngine engine(QuicChannel channel) {
        QuicSslEngine engine = shared.tls().newEngine(ByteBufAllocator.DEFAULT);
        channel.attr(HANDLER).set(new ConnectionHandler(this, engine));
        return engine;
    }

    /** Runs when a connection's channel is registered, after its engine was made. */
    @ChannelHandler.Sharable
    private static final class ConnectionInitializer extends ChannelInitializer<QuicChannel> {
        @Override
        protected void initChannel(QuicChannel channel) {
            channel.pipeline().addLast(channel.attr(HANDLER).get());
        }
    }

    @ChannelHandler.Sharable
    private static final class StreamInitializer extends ChannelInitializer<QuicStreamChannel> {
        @Override
        protected void initChannel(QuicStreamChannel channel) {
            ConnectionHandler handler = channel.parent().attr(HANDLER).get();
            handler.opened(channel);
        }
    }
}
