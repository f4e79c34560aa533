package dev.kestrel.quic;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stream of Netty's client, for blocking tests. */
final class TestQuicStream extends ChannelInboundHandlerAdapter {

    private static final int PATIENCE_SECONDS = 30;

    final QuicStreamChannel channel;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

    TestQuicStream(QuicStreamChannel channel, boolean reads) {
        this.channel = channel;
        channel.config().setReadFrames(true);
        if (channel.type() == QuicStreamType.BIDIRECTIONAL) {
            channel.config().setAllowHalfClosure(true);
        }
        channel.config().setAutoRead(reads);
        channel.pipeline().addLast(this);
    }

    long id() {
        return channel.streamId();
    }

    /** Sends without waiting for anything. */
    Future<?> send(byte[] bytes, boolean fin) {
        return channel.writeAndFlush(new DefaultQuicStreamFrame(Unpooled.copiedBuffer(bytes), fin));
    }

    Future<?> send(String text, boolean fin) {
        return send(text.getBytes(StandardCharsets.UTF_8), fin);
    }

    void startReading() {
        channel.config().setAutoRead(true);
        channel.read();
    }

    /** Everything up to the end of the stream. */
    byte[] readAll() throws IOException {
        try {
            return whole.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IOException(e);
        }
    }

    /** How much has come when another stream comes to its end. */
    CompletableFuture<Integer> receivedAtEndOf(TestQuicStream other) {
        // All streams are one thread's.
        return other.whole.thenApply(bytes -> received.size());
    }

    String text() throws IOException {
        return new String(readAll(), StandardCharsets.UTF_8);
    }

    /** The code with which the server has reset the stream. */
    long resetCode() throws IOException {
        try {
            whole.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw new IOException("The stream has ended in good order");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QuicStreamResetException reset) {
                return reset.applicationProtocolCode();
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        QuicStreamFrame frame = (QuicStreamFrame) message;
        byte[] bytes = new byte[frame.content().readableBytes()];
        frame.content().readBytes(bytes);
        received.writeBytes(bytes);
        if (frame.hasFin()) {
            whole.complete(received.toByteArray());
        }
        frame.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        whole.completeExceptionally(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        whole.completeExceptionally(new IOException("The stream was closed"));
    }
}
