package dev.kestrel.quic;

import dev.kestrel.connections.AddressInUseException;
import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicCodecDispatcher;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A UDP port, on as many sockets as there are loops, and the connections that come to it. */
final class QuicListener implements MultiplexedConnectionListener {

    private static final System.Logger LOG = System.getLogger(QuicTransport.class.getName());

    private final Shared shared;
    private final EventLoops loops;
    private final List<Channel> sockets = new ArrayList<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable InetSocketAddress endPoint;

    private QuicListener(Shared shared, EventLoops loops) {
        this.shared = shared;
        this.loops = loops;
    }

    static QuicListener bind(InetSocketAddress address, TlsHosts hosts, TransportSettings settings)
            throws IOException {
        UdpSupport udp = UdpSupport.find();
        boolean carried = EventLoops.areCarried(udp, settings.options().threads());
        int count = udp.loops(settings.options().loopCount(), carried);
        LOG.log(
                Level.DEBUG,
                carried
                        ? "{0} loops serve QUIC, and carry its connections"
                        : "{0} event loops serve QUIC; the JDK carries its connections",
                count);
        Shared shared = Shared.make(settings, hosts);
        QuicListener listener;
        try {
            listener =
                    new QuicListener(
                            shared, EventLoops.start(udp, settings.options().threads(), count));
        } catch (RuntimeException e) {
            // The library's: no descriptors are left.
            throw failure(address, e);
        }
        boolean bound = false;
        try {
            listener.open(udp, address, count);
            bound = true;
            return listener;
        } finally {
            if (!bound) {
                listener.close();
            }
        }
    }

    private void open(UdpSupport udp, InetSocketAddress address, int count) throws IOException {
        if (count == 1) {
            ChannelHandler handler =
                    new SocketSetup(udp, QuicConnectionIdGenerator.signGenerator());
            bind(udp, address, handler, false);
            return;
        }
        // Sockets that share a port share it with those of other servers of this user, too.
        InetSocketAddress exact = free(address);
        ChannelHandler dispatcher =
                new QuicCodecDispatcher() {
                    @Override
                    protected void initChannel(
                            Channel socket, int index, QuicConnectionIdGenerator ids) {
                        new QuicLoop(shared, socket).install(socket, ids, udp);
                    }
                };
        for (int i = 0; i < count; i++) {
            bind(udp, exact, dispatcher, true);
        }
    }

    private void bind(
            UdpSupport udp, InetSocketAddress address, ChannelHandler handler, boolean sharePort)
            throws IOException {
        ChannelFuture future =
                udp.bootstrap(loops.of(sockets.size()), sharePort)
                        .handler(handler)
                        .bind(address)
                        .awaitUninterruptibly();
        Throwable problem = future.cause();
        if (problem != null) {
            throw failure(address, problem);
        }
        sockets.add(future.channel());
        if (endPoint == null) {
            endPoint = (InetSocketAddress) future.channel().localAddress();
        }
    }

    /** Finds out whether the port is free, or takes a free one. */
    private static InetSocketAddress free(InetSocketAddress address) throws IOException {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.bind(address);
            int port = ((InetSocketAddress) probe.getLocalAddress()).getPort();
            return new InetSocketAddress(address.getAddress(), port);
        } catch (IOException e) {
            throw failure(address, e);
        }
    }

    private static IOException failure(InetSocketAddress address, Throwable problem) {
        String name = "udp://" + address.getHostString() + ":" + address.getPort();
        String message = String.valueOf(problem.getMessage());
        if (message.contains("in use")) {
            return new AddressInUseException(
                    "Something else listens on " + name + "; stop it, or use another port",
                    problem);
        }
        return new IOException("Can not listen on " + name + ": " + message, problem);
    }

    @Override
    public SocketAddress endPoint() {
        InetSocketAddress bound = endPoint;
        if (bound == null) {
            throw new IllegalStateException("The listener is not bound");
        }
        return bound;
    }

    @Override
    public @Nullable MultiplexedConnectionContext accept() throws IOException {
        return shared.acceptor().accept();
    }

    @Override
    public void unbind() {
        for (QuicConnection connection : shared.acceptor().end()) {
            connection.abort(new ConnectionAbortedException("The server stops"));
        }
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            // Its loops may have ended, and do nothing for anybody any more.
            awaitClosed();
            return;
        }
        try {
            end();
        } finally {
            closed.countDown();
        }
    }

    /** Somebody else closes it. */
    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        unbind();
        for (QuicConnection connection : shared.connections()) {
            connection.abort(new ConnectionAbortedException("The listener was closed"));
        }
        for (Channel socket : sockets) {
            socket.close().awaitUninterruptibly(EventLoops.END_SECONDS, TimeUnit.SECONDS);
        }
        loops.close();
    }

    @Override
    public String toString() {
        return "QuicListener[" + endPoint + "]";
    }

    /** Sets up the only socket there is. */
    private final class SocketSetup extends ChannelInboundHandlerAdapter {

        private final UdpSupport udp;
        private final QuicConnectionIdGenerator ids;

        SocketSetup(UdpSupport udp, QuicConnectionIdGenerator ids) {
            this.udp = udp;
            this.ids = ids;
        }

        @Override
        public void handlerAdded(io.netty.channel.ChannelHandlerContext context) {
            Channel socket = context.channel();
            new QuicLoop(shared, socket).install(socket, ids, udp);
        }
    }
}
