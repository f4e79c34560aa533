package dev.kestrel.connections.sockets;

import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.internal.loops.LoopGroup;
import dev.kestrel.internal.loops.Readiness;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Accepts connections on one bound socket. */
final class SocketConnectionListener implements ConnectionListener {

    private static final System.Logger LOG =
            System.getLogger(SocketConnectionListener.class.getName());

    private final ServerSocketChannel channel;
    private final SocketAddress endPoint;
    private final @Nullable UnixSocketFile file;
    private final SocketConnectionSetup setup;
    private final SocketTransportOptions options;
    private final @Nullable LoopGroup loops;
    private final @Nullable Readiness readiness;
    private final Acceptor acceptor;
    private final AcceptBackOff backOff;
    private boolean unbound;

    SocketConnectionListener(
            ServerSocketChannel channel,
            @Nullable UnixSocketFile file,
            MemoryPool pool,
            SocketTransportOptions options,
            @Nullable LoopGroup loops)
            throws IOException {
        this(channel, file, pool, options, loops, new AcceptBackOff(), channel::accept);
    }

    /** With a way of accepting that tests can make fail. */
    SocketConnectionListener(
            ServerSocketChannel channel,
            @Nullable UnixSocketFile file,
            MemoryPool pool,
            SocketTransportOptions options,
            @Nullable LoopGroup loops,
            AcceptBackOff backOff,
            Acceptor acceptor)
            throws IOException {
        this.channel = channel;
        this.endPoint = channel.getLocalAddress();
        this.file = file;
        this.setup = new SocketConnectionSetup(pool, options);
        this.options = options;
        this.loops = loops;
        this.backOff = backOff;
        if (loops == null) {
            this.readiness = null;
            this.acceptor = acceptor;
        } else {
            channel.configureBlocking(false);
            LoopAcceptor waiting = new LoopAcceptor(loops, channel, acceptor);
            this.readiness = waiting.readiness();
            this.acceptor = waiting;
        }
    }

    @Override
    public SocketAddress endPoint() {
        return endPoint;
    }

    @Override
    public Thread newThread(Runnable task) {
        return readiness == null
                ? ConnectionListener.super.newThread(task)
                : readiness.newThread(task);
    }

    @Override
    public @Nullable ConnectionContext accept() throws IOException {
        while (channel.isOpen()) {
            @Nullable SocketChannel accepted;
            try {
                accepted = acceptor.accept();
            } catch (ClosedChannelException e) {
                return null;
            } catch (IOException e) {
                if (!channel.isOpen()) {
                    return null;
                }
                backOff.afterFailure(BindFailure.name(endPoint), e);
                continue;
            }
            backOff.afterSuccess();
            if (accepted == null) {
                continue;
            }
            ConnectionContext connection = open(accepted);
            if (connection != null) {
                return connection;
            }
        }
        return null;
    }

    /** Sets the socket up; {@code null} when the peer was faster and is gone. */
    private @Nullable ConnectionContext open(SocketChannel accepted) {
        boolean opened = false;
        Readiness place = null;
        try {
            if (loops != null) {
                accepted.configureBlocking(false);
                place = loops.add(accepted);
                if (place == null) {
                    return null;
                }
            }
            if (endPoint instanceof InetSocketAddress && options.noDelay()) {
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            SocketConnection connection = new SocketConnection(accepted, setup, place);
            opened = true;
            return connection;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A connection broke before it was accepted", e);
            return null;
        } finally {
            if (!opened) {
                closeQuietly(accepted);
                if (place != null) {
                    place.release();
                }
            }
        }
    }

    private static void closeQuietly(SocketChannel accepted) {
        try {
            accepted.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A socket failed to close", e);
        }
    }

    @Override
    public void unbind() {
        synchronized (this) {
            if (unbound) {
                return;
            }
            unbound = true;
        }
        // First the file: once the socket is closed another server may put its own there.
        if (file != null) {
            file.delete();
        }
        if (readiness == null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "The listening socket failed to close", e);
            }
            backOff.end();
        } else {
            readiness.close();
            backOff.end();
            readiness.awaitLetGo();
            readiness.release();
        }
    }

    @Override
    public void close() {
        unbind();
    }

    @Override
    public String toString() {
        return "SocketConnectionListener[" + BindFailure.name(endPoint) + "]";
    }

    /** Waits for a connection. */
    @FunctionalInterface
    interface Acceptor {
        @Nullable SocketChannel accept() throws IOException;
    }
}
