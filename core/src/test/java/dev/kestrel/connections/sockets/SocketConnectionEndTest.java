package dev.kestrel.connections.sockets;

import static dev.kestrel.connections.sockets.SocketPair.ascii;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicReference;

/** Every way in which a connection ends, as a plain client sees it. */
@ParameterizedClass
@EnumSource(names = {"PORTABLE", "LOOPS"})
@Timeout(60)
class SocketConnectionEndTest {

    private final SocketThreads threads;

    SocketConnectionEndTest(SocketThreads threads) {
        this.threads = threads;
    }

    private SocketPair pair;

    @BeforeEach
    void connect() throws IOException {
        pair = new SocketPair(threads);
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        pair.close();
    }

    @Test
    void theEndOfThePeersStreamIsNoEndOfOurs() throws IOException {
        pair.send("question");
        pair.client.shutdownOutput();
        pair.receive(8);
        assertThat(pair.input().read().isCompleted()).isTrue();
        assertThat(pair.readAhead().peerGone().isFired()).isTrue();
        assertThat(pair.readAhead().peerGone().cause()).isNull();
        assertThat(pair.server.closed().isFired()).isFalse();

        pair.output().write(ascii("answer"));
        pair.output().flush();
        assertThat(pair.client.getInputStream().readNBytes(6)).isEqualTo(ascii("answer"));
    }

    @Test
    void completingTheOutputSendsTheEndOfTheStreamOnly() throws IOException {
        pair.output().write(ascii("bye"));
        pair.output().complete();
        assertThat(pair.client.getInputStream().readAllBytes()).isEqualTo(ascii("bye"));
        pair.send("still here");
        assertThat(pair.receive(10)).isEqualTo(ascii("still here"));
    }

    @Test
    void closeSendsTheEndOfTheStream() throws IOException {
        pair.server.close();
        assertThat(pair.client.getInputStream().read()).isEqualTo(-1);
        assertThat(pair.server.closed().isFired()).isTrue();
        assertThat(pair.server.closed().cause()).isNull();
        pair.server.close();
    }

    @Test
    void closeDropsWhatNobodyFlushed() throws IOException {
        pair.output().write(ascii("half an answer"));
        pair.server.close();
        assertThat(pair.client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void abortSendsAReset() {
        ConnectionAbortedException reason = new ConnectionAbortedException("enough");
        pair.server.abort(reason);
        assertThatThrownBy(() -> pair.client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThat(pair.server.closed().cause()).isSameAs(reason);
        assertThatThrownBy(() -> pair.input().read()).isSameAs(reason);
        pair.output().write(1);
        assertThatThrownBy(() -> pair.output().flush()).isSameAs(reason);
    }

    /** The connection's own thread aborts and goes on, as a server whose handler aborts does. */
    @Test
    void abortOnTheConnectionsThreadSendsAResetAndNoEndOfTheStream() throws Exception {
        ConnectionAbortedException reason = new ConnectionAbortedException("enough");
        abortedOnItsThread(
                reason,
                () -> {
                    pair.output().write(ascii("half an answer"));
                    pair.server.abort(reason);
                    pair.output().flush();
                });
    }

    @Test
    void whoAbortsOnTheConnectionsThreadCanNotEndTheStream() throws Exception {
        ConnectionAbortedException reason = new ConnectionAbortedException("enough");
        abortedOnItsThread(
                reason,
                () -> {
                    pair.server.abort(reason);
                    try {
                        pair.input().read();
                    } finally {
                        pair.output().complete();
                    }
                });
    }

    /** Has the connection's thread abort, which it learns from, and close. */
    private void abortedOnItsThread(ConnectionAbortedException reason, Work handling)
            throws Exception {
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        Thread thread =
                pair.server.newThread(
                        () -> {
                            try {
                                handling.run();
                            } catch (Exception e) {
                                seen.set(e);
                            }
                            pair.server.close();
                        });
        thread.start();
        assertThatThrownBy(() -> pair.client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        thread.join();
        assertThat(seen.get()).isSameAs(reason);
        assertThat(pair.server.closed().cause()).isSameAs(reason);
    }

    @Test
    void theFirstReasonOfAnAbortCounts() {
        ConnectionAbortedException reason = new ConnectionAbortedException("first");
        pair.server.abort(reason);
        pair.server.abort(new ConnectionAbortedException("second"));
        assertThat(pair.server.closed().cause()).isSameAs(reason);
    }

    @Test
    void abortWakesAReaderWithItsReason() throws Exception {
        ConnectionAbortedException reason = new ConnectionAbortedException("timeout");
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        Thread reading = inBackground(() -> pair.input().read(), seen);
        awaitWaiting(reading);
        pair.server.abort(reason);
        reading.join();
        assertThat(seen.get()).isSameAs(reason);
    }

    @Test
    void abortWakesAWriterThatIsStuckWithItsReason() throws Exception {
        ConnectionAbortedException reason = new ConnectionAbortedException("too slow");
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        byte[] large = new byte[64 << 20];
        Thread writing =
                inBackground(() -> pair.output().writeAndFlush(large, 0, large.length), seen);
        awaitWaiting(writing);
        pair.server.abort(reason);
        writing.join();
        assertThat(seen.get()).isSameAs(reason);
        assertThatThrownBy(() -> pair.client.getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class);
    }

    @Test
    void aResetByThePeerIsAResetNotAnAbort() throws IOException {
        pair.client.setSoLinger(true, 0);
        pair.client.close();
        assertThatThrownBy(() -> pair.input().read()).isInstanceOf(ConnectionResetException.class);
        assertThat(pair.server.closed().cause()).isInstanceOf(ConnectionResetException.class);
        assertThat(pair.readAhead().peerGone().cause())
                .isInstanceOf(ConnectionResetException.class);
        // The first write may be taken by the system still; it fails in the end.
        assertThatThrownBy(
                        () -> {
                            while (true) {
                                pair.output().write(1);
                                pair.output().flush();
                            }
                        })
                .isInstanceOf(ConnectionResetException.class);
    }

    @Test
    void aCancelledReadIsTheLast() throws Exception {
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        Thread reading =
                inBackground(
                        () -> {
                            assertThat(pair.input().read().isCanceled()).isTrue();
                            pair.input().advanceTo(0);
                            assertThat(pair.input().read().isCompleted()).isTrue();
                        },
                        seen);
        awaitWaiting(reading);
        pair.input().cancelPendingRead();
        reading.join();
        assertThat(seen.get()).isNull();
        pair.output().write(ascii("bye"));
        pair.output().flush();
        assertThat(pair.client.getInputStream().readNBytes(3)).isEqualTo(ascii("bye"));
    }

    @Test
    void anInterruptEndsTheConnection() throws Exception {
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        Thread reading = inBackground(() -> pair.input().read(), seen);
        awaitWaiting(reading);
        reading.interrupt();
        reading.join();
        assertThat(seen.get()).isInstanceOf(ConnectionAbortedException.class);
        assertThat(pair.server.closed().isFired()).isTrue();
    }

    private static Thread inBackground(Work work, AtomicReference<@Nullable Throwable> failure) {
        return Thread.startVirtualThread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                });
    }

    /** The thread has nothing to wait on but its socket. */
    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(thread.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }

    private interface Work {
        void run() throws Exception;
    }
}
