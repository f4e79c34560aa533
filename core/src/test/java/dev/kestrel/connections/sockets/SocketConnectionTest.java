package dev.kestrel.connections.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.MemoryPoolFeature;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bytes in both directions, and every way in which a connection ends, as a plain client sees it.
 */
@ParameterizedClass
@EnumSource(names = {"PORTABLE", "LOOPS"})
@Timeout(60)
class SocketConnectionTest {

    private final SocketThreads threads;

    SocketConnectionTest(SocketThreads threads) {
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
    void aConnectionKnowsItsNameAndItsAddresses() {
        assertThat(pair.server.connectionId()).matches("[0-9A-V]{13}");
        assertThat(pair.server.remoteAddress()).isEqualTo(pair.client.getLocalSocketAddress());
        assertThat(pair.server.localAddress()).isEqualTo(pair.client.getRemoteSocketAddress());
        assertThat(pair.server.features().get(MemoryPoolFeature.class))
                .isEqualTo(new MemoryPoolFeature(pair.pool));
    }

    @Test
    void bytesGoBothWays() throws IOException {
        send("ping");
        assertThat(pair.receive(4)).isEqualTo(ascii("ping"));
        pair.output().write(ascii("pong"));
        pair.output().flush();
        assertThat(pair.client.getInputStream().readNBytes(4)).isEqualTo(ascii("pong"));
    }

    @Test
    void aConnectionThatWaitsInTheMiddleOfAnUploadHoldsNoBlock() throws Exception {
        byte[] data = new byte[300_000];
        new Random(8).nextBytes(data);
        AtomicReference<byte[]> received = new AtomicReference<>(new byte[0]);
        Thread reader =
                pair.server.newThread(
                        () -> {
                            try {
                                received.set(pair.input().asInputStream().readNBytes(600_000));
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        reader.start();
        pair.client.getOutputStream().write(data);
        // A thread that waits for bytes has taken those that were there.
        while (reader.getState() != Thread.State.WAITING || pair.pool.stats().rented() > 0) {
            Thread.onSpinWait();
        }
        pair.client.getOutputStream().write(data);
        reader.join();
        assertThat(received.get()).startsWith(data).endsWith(data).hasSize(600_000);
    }

    @Test
    void aLargeWriteTellsWhatTheSystemTakesWhileTheClientDoesNotReadAndTheRestWhenItDoes()
            throws Exception {
        byte[] data = new byte[20 << 20];
        new Random(9).nextBytes(data);
        AtomicReference<byte[]> received = new AtomicReference<>(new byte[0]);
        AtomicReference<Thread> client = new AtomicReference<>();
        List<Long> parts = new ArrayList<>();
        pair.output()
                .writeAndFlush(
                        ByteBuffer.wrap(data),
                        taken -> {
                            parts.add(taken);
                            if (client.get() == null) {
                                client.set(
                                        Thread.startVirtualThread(
                                                () -> received.set(receive(data.length))));
                            }
                        });
        client.get().join();
        assertThat(parts).hasSizeGreaterThan(1).allMatch(taken -> taken > 0);
        assertThat(parts.stream().mapToLong(taken -> taken).sum()).isEqualTo(data.length);
        assertThat(received.get()).isEqualTo(data);
    }

    private byte[] receive(int count) {
        try {
            return pair.client.getInputStream().readNBytes(count);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anIdleConnectionHoldsNoBlock() throws IOException {
        send("x".repeat(5000));
        pair.receive(5000);
        pair.output().write(new byte[5000]);
        pair.output().flush();
        assertThat(pair.pool.stats().rented()).isZero();
    }

    @Test
    void aMegabyteEachWayArrivesIntact() throws Exception {
        byte[] data = new byte[1 << 20];
        new Random(7).nextBytes(data);
        Thread client =
                Thread.startVirtualThread(
                        () -> {
                            try (OutputStream out = pair.client.getOutputStream()) {
                                out.write(data);
                                pair.client.shutdownOutput();
                                // Keeps the socket open for the other direction.
                                assertThat(pair.client.getInputStream().readAllBytes())
                                        .isEqualTo(data);
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        while (true) {
            ReadResult result = pair.input().read();
            ByteSequence buffer = result.buffer();
            boolean end = result.isCompleted();
            buffer.forEach(digest::update);
            buffer.forEach(pair.output()::write);
            pair.input().advanceTo(buffer.length());
            pair.output().flush();
            if (end) {
                break;
            }
        }
        pair.output().complete();
        client.join();
        assertThat(digest.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(data));
    }

    @Test
    void aLargeArrayIsSentTogetherWithWhatWasPending() throws Exception {
        byte[] data = new byte[3 << 20];
        new Random(8).nextBytes(data);
        AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
        Thread sending =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                pair.output().write(ascii("head"));
                                pair.output().writeAndFlush(data, 0, data.length);
                                pair.output().complete();
                            } catch (IOException e) {
                                failure.set(e);
                            }
                        });
        byte[] received = pair.client.getInputStream().readAllBytes();
        sending.join();
        assertThat(failure.get()).isNull();
        assertThat(received).startsWith(ascii("head")).endsWith(data).hasSize(4 + data.length);
    }

    @Test
    void theEndOfThePeersStreamIsNoEndOfOurs() throws IOException {
        send("question");
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
        send("still here");
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
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        Thread handling =
                pair.server.newThread(
                        () -> {
                            pair.output().write(ascii("half an answer"));
                            pair.server.abort(reason);
                            try {
                                pair.output().flush();
                            } catch (IOException e) {
                                seen.set(e);
                            }
                            pair.server.close();
                        });
        handling.start();
        assertThatThrownBy(() -> pair.client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        handling.join();
        assertThat(seen.get()).isSameAs(reason);
        assertThat(pair.server.closed().cause()).isSameAs(reason);
    }

    @Test
    void whoAbortsOnTheConnectionsThreadCanNotEndTheStream() throws Exception {
        ConnectionAbortedException reason = new ConnectionAbortedException("enough");
        AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
        Thread handling =
                pair.server.newThread(
                        () -> {
                            pair.server.abort(reason);
                            try {
                                pair.input().read();
                            } catch (IOException e) {
                                seen.set(e);
                            }
                            pair.output().complete();
                            pair.server.close();
                        });
        handling.start();
        assertThatThrownBy(() -> pair.client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        handling.join();
        assertThat(seen.get()).isSameAs(reason);
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
    void readingAheadTellsThatThePeerClosed() throws Exception {
        pair.readAhead().start();
        pair.client.close();
        pair.readAhead().peerGone().await();
        assertThat(pair.readAhead().peerGone().cause()).isNull();
    }

    @Test
    void readingAheadTellsThatThePeerBrokeTheConnection() throws Exception {
        pair.readAhead().start();
        pair.client.setSoLinger(true, 0);
        pair.client.close();
        pair.readAhead().peerGone().await();
        assertThat(pair.readAhead().peerGone().cause())
                .isInstanceOf(ConnectionResetException.class);
        pair.server.closed().await();
    }

    @Test
    void readingAheadKeepsWhatCame() throws Exception {
        pair.readAhead().start();
        send("next request");
        pair.client.shutdownOutput();
        pair.readAhead().peerGone().await();
        assertThat(pair.receive(12)).isEqualTo(ascii("next request"));
        assertThat(pair.input().read().isCompleted()).isTrue();
    }

    @Test
    void aConnectionMayBeClosedWhileItReadsAhead() throws Exception {
        pair.readAhead().start();
        pair.output().write(ascii("last"));
        pair.output().flush();
        Thread closing = Thread.startVirtualThread(pair.server::close);
        assertThat(pair.client.getInputStream().readAllBytes()).isEqualTo(ascii("last"));
        pair.client.close();
        closing.join();
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

    private void send(String text) throws IOException {
        pair.client.getOutputStream().write(ascii(text));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
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
