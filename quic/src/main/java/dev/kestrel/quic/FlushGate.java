package dev.kestrel.quic;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

import org.jspecify.annotations.Nullable;

/**
 * Sits between the codec and the socket: while it is held, packets of several streams and
 * connections collect and go out with one system call. Used by the loop alone.
 */
final class FlushGate extends ChannelOutboundHandlerAdapter {

    private @Nullable ChannelHandlerContext context;
    private boolean held;
    private boolean wanted;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    void hold() {
        held = true;
    }

    void release() {
        held = false;
        ChannelHandlerContext socket = context;
        if (wanted && socket != null) {
            wanted = false;
            socket.flush();
        }
    }

    @Override
    public void flush(ChannelHandlerContext socket) {
        if (held) {
            wanted = true;
        } else {
            socket.flush();
        }
    }
}
