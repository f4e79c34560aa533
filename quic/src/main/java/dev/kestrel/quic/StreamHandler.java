package dev.kestrel.quic;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;

/** Carries what comes on a stream's channel into the stream. Used by the loop alone. */
final class StreamHandler extends ChannelInboundHandlerAdapter {

    private final QuicConnection connection;
    private final QuicStream stream;

    StreamHandler(QuicConnection connection, QuicStream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!stream.isInputOver()) {
            context.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        QuicStreamFrame frame = (QuicStreamFrame) message;
        try {
            if (stream.isInputOver()) {
                return;
            }
            stream.received().add(frame.content());
            if (frame.hasFin()) {
                stream.received().show();
                stream.endOfInput();
            }
        } finally {
            frame.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!stream.isInputOver() && stream.received().show()) {
            context.read();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof QuicStreamResetException reset) {
            stream.resetByPeer(reset.applicationProtocolCode());
        } else {
            stream.connectionEnded(connection.failure(cause));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!stream.isOver()) {
            stream.connectionEnded(connection.failure(null));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // The end of the input comes with the last frame.
    }
}
