package dev.kestrel.benchmarks.lab.servers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/** The requests of a connection, on its event loop; several answers leave in one write. */
final class NettyHttp1Handler extends SimpleChannelInboundHandler<HttpObject> {

    private String path = "";
    private boolean keepAlive;
    private long length;
    private @Nullable ByteBuf echo;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpRequest request) {
            path = request.uri();
            keepAlive = HttpUtil.isKeepAlive(request);
            length = 0;
            if (HttpUtil.is100ContinueExpected(request)) {
                ctx.writeAndFlush(
                        new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
            if (path.equals(Payload.ECHO_PATH)) {
                echo = ctx.alloc().buffer();
            }
        }
        if (message instanceof HttpContent content) {
            length += content.content().readableBytes();
            if (echo != null) {
                echo.writeBytes(content.content());
            }
            if (message instanceof LastHttpContent) {
                answer(ctx);
            }
        }
    }

    private void answer(ChannelHandlerContext ctx) {
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
                                    () -> {
                                        send(ctx, HttpHeaderValues.TEXT_PLAIN, NettyBodies.slept());
                                        ctx.flush();
                                    },
                                    Payload.SLEEP_MILLIS,
                                    TimeUnit.MILLISECONDS);
            default ->
                    write(
                            ctx,
                            new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1,
                                    HttpResponseStatus.NOT_FOUND,
                                    Unpooled.EMPTY_BUFFER));
        }
    }

    private void send(ChannelHandlerContext ctx, CharSequence type, ByteBuf body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        write(ctx, response);
    }

    private void write(ChannelHandlerContext ctx, FullHttpResponse response) {
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        headers.set(HttpHeaderNames.DATE, HttpDates.now());
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ChannelFuture written = ctx.write(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
