package dev.kestrel.conformance;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** One stream of Netty's HTTP/3 client, as blocking calls. */
final class NettyHttp3Stream {

    /** What comes on a stream. */
    sealed interface Event {
        record Fields(Http3Headers fields) implements Event {}

        record Data(byte[] content) implements Event {}

        record End() implements Event {}

        record Reset(long code) implements Event {}

        record Failed(Throwable cause) implements Event {}
    }

    /** A whole response, and what came before its head. */
    record Response(
            List<String> informational,
            Http3Headers fields,
            @Nullable Http3Headers trailers,
            String text,
            long length,
            String digest) {

        String status() {
            return fields.status().toString();
        }
    }

    private static final int PIECE = 50_000;
    private static final int SHORT = 1000;
    private static final byte[] EMPTY_DATA = {0, 0};

    final QuicStreamChannel channel;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    NettyHttp3Stream(QuicChannel connection, boolean fast) throws Exception {
        channel =
                Http3.newRequestStream(
                                connection,
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.config().setAutoRead(fast);
                                        stream.pipeline().addLast(new Frames());
                                    }
                                })
                        .get();
    }

    static Http3Headers head(String method, String path) {
        return new DefaultHttp3Headers()
                .method(method)
                .scheme("https")
                .authority("example.org")
                .path(path);
    }

    /** Sends the head of a request. */
    void request(String method, String path, boolean end) throws InterruptedException {
        send(head(method, path));
        if (end) {
            // Not waited for: once there is an answer the library may know the stream no more.
            channel.shutdownOutput();
        }
    }

    /** Sends an extended CONNECT (RFC 9220). */
    void connect(String path, String protocol) throws InterruptedException {
        Http3Headers head = head("CONNECT", path);
        head.set(Http3Headers.PseudoHeaderName.PROTOCOL.value(), protocol);
        send(head);
    }

    /** Sends fields. */
    void send(Http3Headers fields) throws InterruptedException {
        channel.writeAndFlush(new DefaultHttp3HeadersFrame(fields)).sync();
    }

    /** Sends a part of the body; returns when the windows have let all of it go. */
    void send(byte[] content, boolean end) throws InterruptedException {
        for (int at = 0; at < content.length; at += PIECE) {
            int count = Math.min(PIECE, content.length - at);
            ByteBuf piece = Unpooled.wrappedBuffer(content, at, count);
            channel.writeAndFlush(new DefaultHttp3DataFrame(piece)).sync();
        }
        if (end) {
            end();
        }
    }

    /** Ends the request, with an empty DATA frame: quiche may lose an end that travels alone. */
    void end() throws InterruptedException {
        channel.pipeline()
                .firstContext()
                .writeAndFlush(new DefaultQuicStreamFrame(Unpooled.wrappedBuffer(EMPTY_DATA), true))
                .sync();
    }

    /** Waits for what comes next. */
    Event next() throws InterruptedException {
        channel.read();
        return events.take();
    }

    /** Takes in what is left of the response. */
    Response response() throws IOException, InterruptedException {
        MessageDigest digest = ClientApplication.sha256();
        List<String> informational = new ArrayList<>();
        Http3Headers head = null;
        Http3Headers trailers = null;
        StringBuilder text = new StringBuilder();
        long length = 0;
        for (boolean end = false; !end; ) {
            switch (next()) {
                case Event.Fields those -> {
                    if (head != null) {
                        trailers = those.fields;
                    } else if (those.fields.status().charAt(0) == '1') {
                        informational.add(those.fields.status().toString());
                    } else {
                        head = those.fields;
                    }
                }
                case Event.Data data -> {
                    digest.update(data.content);
                    length += data.content.length;
                    if (length <= SHORT) {
                        text.append(new String(data.content, StandardCharsets.UTF_8));
                    }
                }
                case Event.End over -> end = true;
                case Event other -> throw new IOException("The response ended with " + other);
            }
        }
        if (head == null) {
            throw new IOException("The response has no head");
        }
        return new Response(
                informational,
                head,
                trailers,
                text.toString(),
                length,
                ClientApplication.hex(digest));
    }

    private final class Frames extends Http3RequestStreamInboundHandler {
        @Override
        protected void channelRead(ChannelHandlerContext context, Http3HeadersFrame frame) {
            events.add(new Event.Fields(frame.headers()));
        }

        @Override
        protected void channelRead(ChannelHandlerContext context, Http3DataFrame frame) {
            events.add(new Event.Data(ByteBufUtil.getBytes(frame.content())));
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext context) {
            events.add(new Event.End());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            events.add(
                    cause instanceof QuicStreamResetException reset
                            ? new Event.Reset(reset.applicationProtocolCode())
                            : new Event.Failed(cause));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            events.add(new Event.Failed(new IOException("The stream was closed")));
        }
    }
}
