package dev.kestrel.benchmarks.lab.clients;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;

/** A request and its answer, on a stream of their own. Owned by the connection's event loop. */
final class Http3Exchange extends ChannelInboundHandlerAdapter {

    private final Http3Connection connection;
    private final Http3Answer answer = new Http3Answer();
    private final long sent = System.nanoTime();
    private boolean done;

    Http3Exchange(Http3Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(new DefaultQuicStreamFrame(connection.request(), true));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        answer.read(bytes);
        bytes.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            end(answer.isOk() && answer.length() == connection.expected());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(false);
        ctx.close();
    }

    private void end(boolean good) {
        if (!done) {
            done = true;
            connection.ended(sent, good);
        }
    }
}
