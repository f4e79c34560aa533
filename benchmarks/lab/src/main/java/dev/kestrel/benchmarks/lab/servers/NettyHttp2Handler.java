package dev.kestrel.benchmarks.lab.servers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The streams of a connection, on its event loop and without a channel for each. */
final class NettyHttp2Handler extends ChannelInboundHandlerAdapter {

    /** Requests whose bodies still come; a request without a body is never in it. */
    private final Map<Http2FrameStream, Upload> uploads = new HashMap<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            switch (message) {
                case Http2HeadersFrame frame -> headers(ctx, frame);
                case Http2DataFrame frame -> data(ctx, frame);
                case Http2ResetFrame frame -> forget(frame.stream());
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void headers(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        Http2FrameStream stream = frame.stream();
        Upload known = uploads.remove(stream);
        if (known != null) {
            answer(ctx, stream, known.path, known);
            return;
        }
        CharSequence path = frame.headers().path();
        String text = path == null ? "" : path.toString();
        if (frame.isEndStream()) {
            answer(ctx, stream, text, null);
        } else {
            Upload upload = new Upload(text);
            if (text.equals(Payload.ECHO_PATH)) {
                upload.echo = ctx.alloc().buffer();
            }
            uploads.put(stream, upload);
        }
    }

    private void data(ChannelHandlerContext ctx, Http2DataFrame frame) {
        Http2FrameStream stream = frame.stream();
        int count = frame.initialFlowControlledBytes();
        if (count > 0) {
            ctx.write(new DefaultHttp2WindowUpdateFrame(count).stream(stream));
        }
        Upload upload = uploads.get(stream);
        if (upload == null) {
            return;
        }
        upload.length += frame.content().readableBytes();
        if (upload.echo != null) {
            upload.echo.writeBytes(frame.content());
        }
        if (frame.isEndStream()) {
            uploads.remove(stream);
            answer(ctx, stream, upload.path, upload);
        }
    }

    private static void answer(
            ChannelHandlerContext ctx,
            Http2FrameStream stream,
            String path,
            @Nullable Upload upload) {
        switch (path) {
            case Payload.PLAINTEXT_PATH ->
                    send(ctx, stream, HttpHeaderValues.TEXT_PLAIN, NettyBodies.hello());
            case Payload.JSON_PATH ->
                    send(ctx, stream, HttpHeaderValues.APPLICATION_JSON, NettyBodies.message());
            case Payload.ECHO_PATH -> {
                ByteBuf echo = upload == null ? null : upload.echo;
                send(
                        ctx,
                        stream,
                        HttpHeaderValues.APPLICATION_OCTET_STREAM,
                        echo == null ? Unpooled.EMPTY_BUFFER : echo);
            }
            case Payload.BYTES_PATH ->
                    send(
                            ctx,
                            stream,
                            HttpHeaderValues.APPLICATION_OCTET_STREAM,
                            NettyBodies.megabyte());
            case Payload.UPLOAD_PATH ->
                    send(
                            ctx,
                            stream,
                            HttpHeaderValues.TEXT_PLAIN,
                            Unpooled.wrappedBuffer(
                                    Payload.latin1(
                                            Long.toString(upload == null ? 0 : upload.length))));
            case Payload.SLEEP_PATH ->
                    ctx.executor()
                            .schedule(
                                    () -> {
                                        send(
                                                ctx,
                                                stream,
                                                HttpHeaderValues.TEXT_PLAIN,
                                                NettyBodies.slept());
                                        ctx.flush();
                                    },
                                    Payload.SLEEP_MILLIS,
                                    TimeUnit.MILLISECONDS);
            default ->
                    ctx.write(
                            new DefaultHttp2HeadersFrame(
                                            new DefaultHttp2Headers().status("404"), true)
                                    .stream(stream));
        }
    }

    private static void send(
            ChannelHandlerContext ctx, Http2FrameStream stream, CharSequence type, ByteBuf body) {
        Http2Headers headers =
                new DefaultHttp2Headers()
                        .status("200")
                        .set(HttpHeaderNames.CONTENT_TYPE, type)
                        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                        .set(HttpHeaderNames.DATE, HttpDates.now());
        ctx.write(new DefaultHttp2HeadersFrame(headers, false).stream(stream));
        ctx.write(new DefaultHttp2DataFrame(body, true).stream(stream));
    }

    private void forget(Http2FrameStream stream) {
        Upload upload = uploads.remove(stream);
        if (upload != null && upload.echo != null) {
            upload.echo.release();
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

    /** A request whose body still comes. */
    private static final class Upload {

        private final String path;
        private long length;
        private @Nullable ByteBuf echo;

        Upload(String path) {
            this.path = path;
        }
    }
}
