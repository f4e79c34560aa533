package dev.kestrel.benchmarks.lab.clients;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;

import java.util.concurrent.CountDownLatch;

/**
 * A connection that always has as many requests open as it is told: each answer makes room for the
 * next. Owned by its event loop.
 */
final class Http3Connection extends ChannelInboundHandlerAdapter {

    /** Type of a control stream, and SETTINGS without any (RFC 9114 sections 6.2.1 and 7.2.4). */
    private static final byte[] CONTROL = {0x00, 0x04, 0x00};

    private final QuicChannel channel;
    private final Http3Request request;
    private final int expected;
    private final Tally tally = new Tally();
    private final CountDownLatch done = new CountDownLatch(1);
    private int open;
    private int wanted;
    private long left;
    private boolean measured;

    Http3Connection(QuicChannel channel, Http3Request request, int expected) {
        this.channel = channel;
        this.request = request;
        this.expected = expected;
    }

    /** Begins to ask, on so many streams at once, for so many answers. From any thread. */
    void begin(int streams, long requests) {
        channel.eventLoop()
                .execute(
                        () -> {
                            channel.pipeline().addLast(this);
                            channel.createStream(
                                            QuicStreamType.UNIDIRECTIONAL,
                                            new ChannelInboundHandlerAdapter())
                                    .addListener(Http3Connection::control);
                            wanted = streams;
                            left = requests;
                            fill();
                        });
    }

    /** From now on answers count, or no longer. From any thread. */
    void measure(boolean measure) {
        channel.eventLoop().execute(() -> measured = measure);
    }

    /** Begins no more requests. From any thread. */
    void stop() {
        channel.eventLoop()
                .execute(
                        () -> {
                            left = 0;
                            fill();
                        });
    }

    /** Counted down when all is answered. */
    CountDownLatch done() {
        return done;
    }

    /** To be asked for when it is done. */
    Tally tally() {
        return tally;
    }

    void close() {
        channel.close().awaitUninterruptibly(1000);
    }

    ByteBuf request() {
        return request.bytes();
    }

    int expected() {
        return expected;
    }

    /** A stream is at its end. */
    void ended(long sent, boolean good) {
        open--;
        if (good) {
            tally.answered();
            if (measured) {
                tally.counted(System.nanoTime() - sent);
            }
        } else {
            tally.failed(1);
        }
        wanted++;
        fill();
    }

    private void fill() {
        while (left > 0
                && wanted > 0
                && channel.isActive()
                && channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0) {
            Future<QuicStreamChannel> stream =
                    channel.createStream(QuicStreamType.BIDIRECTIONAL, new Http3Exchange(this));
            if (stream.isDone() && !stream.isSuccess()) {
                // The server has not raised its limit yet; it says so when it has.
                return;
            }
            open++;
            wanted--;
            left--;
        }
        if (open == 0 && (left == 0 || !channel.isActive())) {
            done.countDown();
        }
    }

    private static void control(Future<? super QuicStreamChannel> opened) {
        if (opened.isSuccess() && opened.getNow() instanceof QuicStreamChannel stream) {
            stream.writeAndFlush(Unpooled.wrappedBuffer(CONTROL));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicStreamLimitChangedEvent) {
            fill();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fill();
        ctx.fireChannelInactive();
    }
}
