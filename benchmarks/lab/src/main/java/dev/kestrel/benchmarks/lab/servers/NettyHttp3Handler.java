package dev.kestrel.benchmarks.lab.servers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicStreamChannel;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/** A request of HTTP/3, on the event loop of its connection. */
final class NettyHttp3Handler extends Http3RequestStreamInboundHandler {

    private String path = "";
    private long length;
    private @Nullable ByteBuf echo;

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
        CharSequence asked = frame.headers().path();
        if (asked != null) {
            path = asked.toString();
        }
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
        length += frame.content().readableBytes();
        if (path.equals(Payload.ECHO_PATH)) {
            if (echo == null) {
                echo = ctx.alloc().buffer();
            }
            echo.writeBytes(frame.content());
        }
        frame.release();
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext ctx) {
        switch (path) {
            case Payload.PLAINTEXT_PATH ->
                    send(ctx, HttpHeaderValues.TEXT_PLAIN, NettyBodies.hello());
            case Payload.JSON_PATH ->
                    send(ctx, HttpHeaderValues.APPLICATION_JSON, NettyBodies.message());
            case Payload.ECHO_PATH -> {
                ByteBuf body = echo == null ? Unpooled.EMPTY_BUFFER : echo;
                echo = null;
                send(ctx, HttpHeaderValues.APPLICATION_OCTET_STREAM, body);
            }
            case Payload.BYTES_PATH ->
                    send(ctx, HttpHeaderValues.APPLICATION_OCTET_STREAM, NettyBodies.megabyte());
            case Payload.UPLOAD_PATH ->
                    send(
                            ctx,
                            HttpHeaderValues.TEXT_PLAIN,
                            Unpooled.wrappedBuffer(Payload.latin1(Long.toString(length))));
            case Payload.SLEEP_PATH ->
                    ctx.executor()
                            .schedule(
                                    () ->
                                            send(
                                                    ctx,
                                                    HttpHeaderValues.TEXT_PLAIN,
                                                    NettyBodies.slept()),
                                    Payload.SLEEP_MILLIS,
                                    TimeUnit.MILLISECONDS);
            default ->
                    ctx.writeAndFlush(
                                    new DefaultHttp3HeadersFrame(
                                            new DefaultHttp3Headers().status("404")))
                            .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        }
    }

    private static void send(ChannelHandlerContext ctx, CharSequence type, ByteBuf body) {
        Http3Headers headers =
                new DefaultHttp3Headers(false)
                        .status("200")
                        .set(HttpHeaderNames.CONTENT_TYPE, type)
                        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                        .set(HttpHeaderNames.DATE, HttpDates.now());
        ctx.write(new DefaultHttp3HeadersFrame(headers));
        ctx.writeAndFlush(new DefaultHttp3DataFrame(body))
                .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (echo != null) {
            echo.release();
            echo = null;
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
