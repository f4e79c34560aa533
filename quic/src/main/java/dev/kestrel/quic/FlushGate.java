package dev.kestrel.quic;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

import org.jspecify.annotations.Nullable;

/**
 * Sits between the codec and the socket: while it is held, packets of several streams and
 * connections collect and go out with one system call. Between packets that were read and the
 * codec's answer to them it lets others run, for what they write then shares packets. Used by the
 * loop alone.
 */
final class FlushGate extends ChannelDuplexHandler {

    private @Nullable ChannelHandlerContext context;
    private @Nullable LoopQueue queue;
    private boolean held;
    private boolean wanted;
    private boolean writabilityChanged;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    void serve(LoopQueue loopQueue) {
        queue = loopQueue;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext socket) {
        LoopQueue tasks = queue;
        boolean before = hold();
        try {
            if (tasks != null) {
                tasks.packetsRead();
            }
            socket.fireChannelReadComplete();
        } finally {
            release(before);
        }
    }

    /**
     * The end of the server's connections, for which the socket is needed, comes before its own.
     */
    @Override
    public void close(ChannelHandlerContext socket, ChannelPromise done) {
        LoopQueue tasks = queue;
        if (tasks != null) {
            tasks.drain();
        }
        socket.close(done);
    }

    /** Holds it until {@link #release}, which is to be given what this returns. */
    boolean hold() {
        boolean before = held;
        held = true;
        return before;
    }

    /** What has collected goes out. Whoever held it before goes on to do so. */
    void release(boolean before) {
        held = before;
        ChannelHandlerContext socket = context;
        if (wanted && socket != null) {
            wanted = false;
            socket.flush();
        }
        if (writabilityChanged && !before && socket != null) {
            writabilityChanged = false;
            socket.fireChannelWritabilityChanged();
        }
    }

    /**
     * The codec has all streams write what waits. One that is in the middle of a write, and has
     * filled the socket with it, would find that write done by the time it comes back.
     */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext socket) {
        if (held) {
            writabilityChanged = true;
        } else {
            socket.fireChannelWritabilityChanged();
        }
    }

    @Override
    public void flush(ChannelHandlerContext socket) {
        if (held && socket.channel().isWritable()) {
            wanted = true;
        } else {
            socket.flush();
        }
    }
}
