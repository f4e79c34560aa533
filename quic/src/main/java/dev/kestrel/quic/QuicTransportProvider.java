package dev.kestrel.quic;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory;
import dev.kestrel.connections.multiplexed.MultiplexedTransportProvider;
import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.pipelines.MemoryPool;

import org.jspecify.annotations.Nullable;

/**
 * Brings {@link QuicTransport} to a server that was given no other, with its default options but
 * for the threads and, where loops carry the connections, their number. Safe for use by any thread.
 */
public final class QuicTransportProvider implements MultiplexedTransportProvider {

    private final QuicLibrary library;

    /** Made by {@link java.util.ServiceLoader}. */
    public QuicTransportProvider() {
        this(QuicLibrary.INSTANCE);
    }

    /** With a library that tests can make fail. */
    QuicTransportProvider(QuicLibrary library) {
        this.library = library;
    }

    @Override
    public String name() {
        return "quic";
    }

    @Override
    public @Nullable String unavailable() {
        return library.unavailable();
    }

    @Override
    public MultiplexedConnectionListenerFactory create(
            MemoryPool pool, SocketTransportOptions sockets) {
        QuicTransportOptions.Builder options =
                QuicTransportOptions.builder().threads(sockets.threads());
        if (EventLoops.areCarried(UdpSupport.find(), sockets.threads())) {
            options.loopCount(Math.min(QuicTransportOptions.MAX_LOOPS, sockets.loops()));
        }
        return new QuicTransport(pool, options.build());
    }
}
