package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.server.KestrelServer;
import dev.kestrel.server.StopResult;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/** How a server stops: in order, with a deadline, and without leaving anyone behind. */
class KestrelServerStopTest extends InMemoryServerTesting {

    @Test
    void idleConnectionsCloseGracefullyWhenTheServerStops() throws Exception {
        KestrelServer server = startRaw(KestrelServerTest::idle);
        FakeConnection first = transport.connect(1000);
        FakeConnection second = transport.connect(1000);
        assertThat(first.receive(1) + second.receive(1)).isEqualTo("++");
        assertThat(server.stop(LONG)).isEqualTo(new StopResult(2, 0));
        assertThat(first.awaitAborted()).isFalse();
        assertThat(second.awaitAborted()).isFalse();
        assertThat(server.statistics().openConnections()).isZero();
        assertThat(server.statistics().acceptedConnections()).isEqualTo(2);
        assertThat(transport.listeners.get(1000).closed).isTrue();
        assertThat(time.pulses()).isZero();
        server.awaitStopped();
    }

    @Test
    void anIdleHttpConnectionClosesWithoutAByteWhenTheServerStops() throws Exception {
        KestrelServer server =
                start(builder().listen(PLACE).handler(context -> context.response().send("ok")));
        FakeConnection client = transport.connect(1000).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        String answer = client.receive(17);
        assertThat(answer).isEqualTo("HTTP/1.1 200 OK\r\n");
        assertThat(server.stop(LONG)).isEqualTo(new StopResult(1, 0));
        assertThat(client.receiveAll()).endsWith("\r\n\r\nok");
        assertThat(client.awaitAborted()).isFalse();
    }

    @Test
    void aRunningRequestFinishesWhileTheServerStops() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        KestrelServer server =
                start(
                        builder()
                                .listen(PLACE)
                                .handler(
                                        context -> {
                                            begun.countDown();
                                            go.await();
                                            context.response().send("whole");
                                        }));
        FakeConnection client = transport.connect(1000).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        begun.await();
        FutureTask<StopResult> stop = inBackground(server, LONG);
        awaitUnbound(1000);
        go.countDown();
        assertThat(client.receiveAll()).startsWith("HTTP/1.1 200").endsWith("whole");
        assertThat(stop.get()).isEqualTo(new StopResult(1, 0));
    }

    /** A server, and a client whose connection ignores the wish to close. */
    private record Busy(KestrelServer server, FakeConnection client) {}

    private Busy startBusy() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        KestrelServer server =
                startRaw(
                        connection -> {
                            begun.countDown();
                            connection.transport().input().read();
                        });
        FakeConnection client = transport.connect(1000);
        begun.await();
        return new Busy(server, client);
    }

    @Test
    void theDeadlineAbortsWhatIsLeft() throws Exception {
        Busy busy = startBusy();
        assertThat(busy.server().stop(Duration.ZERO)).isEqualTo(new StopResult(0, 1));
        assertThat(busy.client().awaitAborted()).isTrue();
        assertThat(busy.client().ended.cause()).hasMessageContaining("stopping");
        assertThat(busy.server().statistics().openConnections()).isZero();
    }

    @Test
    void concurrentStopsWaitForTheSameEndAndTheSoonestDeadlineCounts() throws Exception {
        KestrelServer server = startBusy().server();
        FutureTask<StopResult> patient = inBackground(server, LONG);
        awaitUnbound(1000);
        assertThat(server.stop(Duration.ZERO)).isEqualTo(new StopResult(0, 1));
        assertThat(patient.get()).isEqualTo(new StopResult(0, 1));
        assertThat(server.stop(LONG)).isEqualTo(new StopResult(0, 1));
    }

    @Test
    void anInterruptEndsTheWaitForRunningRequests() throws Exception {
        KestrelServer server = startBusy().server();
        boolean[] stillInterrupted = new boolean[1];
        StopResult[] result = new StopResult[1];
        Thread stopping =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    result[0] = server.stop(LONG);
                                    stillInterrupted[0] = Thread.currentThread().isInterrupted();
                                });
        awaitUnbound(1000);
        stopping.interrupt();
        stopping.join();
        assertThat(result[0]).isEqualTo(new StopResult(0, 1));
        assertThat(stillInterrupted[0]).isTrue();
    }

    @Test
    void theHeartbeatGoesOnWhileTheServerStops() throws Exception {
        KestrelServer server =
                start(builder().listen(PLACE).handler(context -> context.request().bodyText()));
        FakeConnection client =
                transport
                        .connect(1000)
                        .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1234");
        while (server.statistics().requests() == 0) {
            Thread.onSpinWait();
        }
        FutureTask<StopResult> stop = inBackground(server, LONG);
        awaitUnbound(1000);
        // The rest of the body never comes: the minimum rate ends the request, not the deadline.
        while (!stop.isDone()) {
            time.seconds(1);
            Thread.yield();
        }
        assertThat(stop.get()).isEqualTo(new StopResult(1, 0));
        assertThat(client.receiveAll()).startsWith("HTTP/1.1 408");
    }
}
