package dev.kestrel.conformance;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A stream of a {@link NettyClient}. A slow one takes frames when they are asked for and not
 * before; Netty tells of a reset then before the frames that came earlier. For a thread that sends
 * and one that receives.
 */
final class NettyStream {

    /** What comes on a stream. */
    sealed interface Event {
        /** Fields: of an informational response, of the response, or trailers. */
        record Fields(Http2Headers fields, boolean end) implements Event {}

        /** A DATA frame. */
        record Data(byte[] content, boolean end) implements Event {}

        /** RST_STREAM. */
        record Reset(long errorCode) implements Event {}

        /** Nothing more comes. */
        record Closed() implements Event {}
    }

    /**
     * A whole response.
     *
     * @param text the body, when it is short
     * @param largestFrame the length of the longest DATA frame
     * @param digest of the body
     */
    record Response(
            Http2Headers fields,
            @Nullable Http2Headers trailers,
            String text,
            long length,
            int largestFrame,
            String digest) {

        String status() {
            return fields.status().toString();
        }
    }

    private static final int PIECE = 50_000;
    private static final int SHORT = 1000;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Http2StreamChannel channel;

    NettyStream(Channel connection, boolean fast) throws InterruptedException {
        channel =
                new Http2StreamChannelBootstrap(connection)
                        .option(ChannelOption.AUTO_READ, fast)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new Frames());
                                    }
                                })
                        .open()
                        .sync()
                        .getNow();
    }

    /** Sends the head of a request. */
    void request(String method, String path, boolean end) throws InterruptedException {
        send(
                new DefaultHttp2Headers()
                        .method(method)
                        .scheme("http")
                        .authority("localhost")
                        .path(path),
                end);
    }

    /** Sends fields, such as trailers. */
    void send(Http2Headers fields, boolean end) throws InterruptedException {
        channel.writeAndFlush(new DefaultHttp2HeadersFrame(fields, end)).sync();
    }

    /** Sends a part of the body; returns when the windows have let all of it go. */
    void send(byte[] content, boolean end) throws InterruptedException {
        for (int at = 0; at < content.length; at += PIECE) {
            int count = Math.min(PIECE, content.length - at);
            ByteBuf piece = Unpooled.wrappedBuffer(content, at, count);
            boolean last = end && at + count == content.length;
            channel.writeAndFlush(new DefaultHttp2DataFrame(piece, last)).sync();
        }
    }

    void reset(Http2Error error) throws InterruptedException {
        channel.writeAndFlush(new DefaultHttp2ResetFrame(error)).sync();
    }

    /** Waits for what comes next. */
    Event next() throws InterruptedException {
        channel.read();
        return events.take();
    }

    /** Takes in what is left of the response; what is informational is left out. */
    Response response() throws IOException, InterruptedException {
        MessageDigest digest = ClientApplication.sha256();
        Http2Headers head = null;
        Http2Headers trailers = null;
        StringBuilder text = new StringBuilder();
        long length = 0;
        int largestFrame = 0;
        for (boolean end = false; !end; ) {
            switch (next()) {
                case Event.Fields those -> {
                    if (head == null) {
                        head = those.fields.status().charAt(0) == '1' ? null : those.fields;
                    } else {
                        trailers = those.fields;
                    }
                    end = those.end;
                }
                case Event.Data data -> {
                    digest.update(data.content);
                    length += data.content.length;
                    largestFrame = Math.max(largestFrame, data.content.length);
                    if (length <= SHORT) {
                        text.append(new String(data.content));
                    }
                    end = data.end;
                }
                case Event other -> throw new IOException("The response ended with " + other);
            }
        }
        if (head == null) {
            throw new IOException("The response has no head");
        }
        return new Response(
                head,
                trailers,
                text.toString(),
                length,
                largestFrame,
                ClientApplication.hex(digest));
    }

    private final class Frames extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            switch (frame) {
                case Http2HeadersFrame head ->
                        events.add(new Event.Fields(head.headers(), head.isEndStream()));
                case Http2DataFrame data ->
                        events.add(
                                new Event.Data(
                                        ByteBufUtil.getBytes(data.content()), data.isEndStream()));
                case Http2ResetFrame reset -> events.add(new Event.Reset(reset.errorCode()));
                default -> {
                    // Nothing that a test looks at.
                }
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                events.add(new Event.Reset(reset.errorCode()));
            }
            ReferenceCountUtil.release(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add(new Event.Closed());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // Writing fails, and that is told there.
        }
    }
}
