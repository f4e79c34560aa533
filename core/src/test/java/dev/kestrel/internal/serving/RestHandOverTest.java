package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionRestFeature;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.guard.ResourceCounter;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.DateHeaderValueManager;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpCounters;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.protocol.RequestProcessor;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What comes just when a connection is to rest (ADR 20). */
@Timeout(30)
class RestHandOverTest extends InMemoryServerTesting {

    private final List<String> told = new ArrayList<>();
    private final FakeConnection connection = new FakeConnection(pool);
    private Runnable whileTheEngineRuns = () -> {};
    private boolean leaves = true;
    private PrefaceProcessor processor;

    private PrefaceProcessor serve() throws Exception {
        HttpServices services =
                new HttpServices(
                        KestrelServerOptions.builder().build(),
                        pool,
                        new DateHeaderValueManager(Instant.EPOCH),
                        new ResourceCounter(1),
                        new HttpCounters());
        TimeoutControl timeouts = new TimeoutControl(reason -> {}, 0);
        processor =
                PrefaceProcessor.ofHttp1(
                        new HttpConnectionContext(connection, services, timeouts, "http", null),
                        context -> new Engine());
        connection.send("G");
        processor.processRequests(context -> {});
        connection.close();
        return processor;
    }

    @Test
    void aConnectionRests() throws Exception {
        assertThat(serve().isResting()).isTrue();
        processor.onTimeout(TimeoutReason.REQUEST_HEADERS);
        processor.stopProcessingNextRequest();
        assertThat(told).isEmpty();
    }

    /**
     * "Whoever had it in hand then, and could not end the wait any more, has set a flag before."
     */
    @Test
    void aStopThatReachesOnlyTheLastEngineIsNotLost() throws Exception {
        whileTheEngineRuns = () -> processor.stopProcessingNextRequest();
        assertThat(serve().isResting()).isFalse();
        assertThat(told).containsExactly("stopped");
    }

    @Test
    void aTimeoutThatReachesOnlyTheLastEngineIsNotLost() throws Exception {
        whileTheEngineRuns = () -> processor.onTimeout(TimeoutReason.KEEP_ALIVE);
        assertThat(serve().isResting()).isFalse();
        assertThat(told).containsExactly("KEEP_ALIVE");
    }

    /** "False when its wait was ended before: there will be no further request." */
    @Test
    void anEngineWhoseWaitWasEndedDoesNotRest() throws Exception {
        leaves = false;
        assertThat(serve().isResting()).isFalse();
    }

    /** One that can not rest is closed, and its place is another's. */
    @Test
    void aRestThatFailsKeepsNothing() throws Exception {
        KestrelServer server =
                start(
                        builder()
                                .options(
                                        options ->
                                                options.limits(
                                                        KestrelServerLimits.builder()
                                                                .maxConcurrentConnections(1)
                                                                .build()))
                                .listen(PLACE)
                                .handler(context -> context.response().send("hello")));
        for (int i = 0; i < 3; i++) {
            FakeConnection client = new FakeConnection(pool);
            client.features().set(ConnectionRestFeature.class, new NoRest());
            transport.listeners.get(1000).queue.add(client);
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            // By the server, and not because there was no place for it.
            assertThat(client.awaitAborted()).isTrue();
            assertThat(client.ended.cause()).hasMessageContaining("pipeline failed");
            while (server.statistics().openConnections() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** Of a transport that has no memory for a thread. */
    private static final class NoRest implements ConnectionRestFeature {
        @Override
        public void awaitInput() {}

        @Override
        public void wake() {}

        @Override
        public boolean rest(Runnable task) {
            throw new OutOfMemoryError("of the test");
        }
    }

    /** Rests at once. */
    private final class Engine implements RequestProcessor {
        @Override
        public void processRequests(HttpHandler application) {
            whileTheEngineRuns.run();
        }

        @Override
        public boolean isResting() {
            return true;
        }

        @Override
        public boolean leave() {
            return leaves;
        }

        @Override
        public void stopProcessingNextRequest() {
            told.add("stopped");
        }

        @Override
        public void abort(ConnectionAbortedException reason) {
            told.add("aborted");
        }

        @Override
        public void onTimeout(TimeoutReason reason) {
            told.add(reason.toString());
        }

        @Override
        public void tick(long nanoTime) {
            told.add("ticked");
        }
    }
}
