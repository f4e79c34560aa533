package dev.kestrel.connections.sockets;

import dev.kestrel.internal.loops.LoopGroup;
import dev.kestrel.internal.loops.Readiness;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Waits for connections on a listening channel that does not block. For the accept loop's thread.
 */
final class LoopAcceptor implements SocketConnectionListener.Acceptor {

    /** So many connections, and others on the loop have their turn. */
    private static final int AT_ONCE = 16;

    private final Readiness readiness;
    private final SocketConnectionListener.Acceptor channel;
    private int accepted;

    LoopAcceptor(
            LoopGroup loops,
            ServerSocketChannel channel,
            SocketConnectionListener.Acceptor acceptor)
            throws ClosedChannelException {
        Readiness place = loops.add(channel);
        if (place == null) {
            throw new ClosedChannelException();
        }
        this.readiness = place;
        this.channel = acceptor;
    }

    Readiness readiness() {
        return readiness;
    }

    @Override
    public SocketChannel accept() throws IOException {
        if (++accepted >= AT_ONCE) {
            accepted = 0;
            Thread.yield();
        }
        while (true) {
            readiness.beforeRead();
            SocketChannel next = channel.accept();
            if (next != null) {
                return next;
            }
            accepted = 0;
            readiness.awaitReadable();
        }
    }
}
