package dev.kestrel.connections.sockets;

import static dev.kestrel.connections.sockets.SocketPair.ascii;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** Bytes in both directions, as a plain client sees them. */
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
        pair.send("ping");
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
        pair.send("x".repeat(5000));
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
}
