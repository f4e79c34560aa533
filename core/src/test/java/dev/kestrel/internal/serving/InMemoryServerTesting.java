package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.ConnectionLifetimeNotificationFeature;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.server.KestrelServerBuilder;
import dev.kestrel.server.StopResult;

import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/** A server over an in-memory transport, for the tests of what it does as a whole. */
abstract class InMemoryServerTesting {

    static final Duration LONG = Duration.ofMinutes(10);
    static final InetSocketAddress PLACE = new InetSocketAddress("192.0.2.1", 1000);
    static final InetSocketAddress OTHER_PLACE = new InetSocketAddress("192.0.2.1", 2000);

    final ManualTime time = new ManualTime();
    final MemoryPool pool = new MemoryPool();
    final FakeTransport transport = new FakeTransport(pool);
    final List<KestrelServer> servers = new ArrayList<>();

    @AfterEach
    void stopAll() {
        servers.forEach(KestrelServer::close);
        assertThat(pool.stats().rented()).as("blocks that nobody gave back").isZero();
    }

    final KestrelServerBuilder builder() {
        return KestrelServer.builder()
                .transport(transport)
                .memoryPool(pool)
                .options(options -> options.timeProvider(time));
    }

    final KestrelServer start(KestrelServerBuilder builder) throws IOException {
        KestrelServer server = builder.build();
        servers.add(server);
        return server.start();
    }

    final KestrelServer startRaw(ConnectionDelegate handler) throws IOException {
        return start(builder().listen(PLACE, endPoint -> endPoint.connectionHandler(handler)));
    }

    static FutureTask<StopResult> inBackground(KestrelServer server, Duration deadline) {
        FutureTask<StopResult> task = new FutureTask<>(() -> server.stop(deadline));
        Thread.ofVirtual().start(task);
        return task;
    }

    /** Serves until it is asked to close, as an idle connection does. */
    static void idle(dev.kestrel.connections.ConnectionContext connection) throws Exception {
        ConnectionLifetimeNotificationFeature lifetime =
                connection.features().get(ConnectionLifetimeNotificationFeature.class);
        connection.transport().output().write('+');
        connection.transport().output().flush();
        lifetime.closeRequested().await();
    }

    void awaitUnbound(int port) {
        while (!transport.listeners.get(port).unbound) {
            Thread.onSpinWait();
        }
    }
}
