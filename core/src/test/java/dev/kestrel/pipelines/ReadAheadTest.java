package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;

/** Reading ahead notices the end while nobody reads, and changes nothing else. */
@Timeout(60)
class ReadAheadTest {

    private final MemoryPool pool = new MemoryPool(128);
    private final ScriptedSource source = new ScriptedSource();
    private final LinkedBlockingQueue<Optional<IOException>> ends = new LinkedBlockingQueue<>();
    private final SourcePipeReader reader =
            new SourcePipeReader(
                    pool, source, 64, 300, error -> ends.add(Optional.ofNullable(error)));

    @AfterEach
    void everyBlockIsReturned() {
        reader.complete();
        source.end();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void theEndOfTheStreamIsNoticedWhileNobodyReads() throws Exception {
        reader.startReadAhead();
        source.end();
        assertThat(ends.take()).isEmpty();
        assertThat(reader.read().isCompleted()).isTrue();
    }

    @Test
    void aFailureIsNoticedWhileNobodyReads() throws Exception {
        IOException failure = new IOException("reset");
        reader.startReadAhead();
        source.fail(failure);
        assertThat(ends.take()).containsSame(failure);
        assertThatThrownBy(reader::read).isSameAs(failure);
    }

    @Test
    void whatCameBeforeTheEndIsKept() throws Exception {
        feed("tail");
        reader.startReadAhead();
        source.end();
        assertThat(ends.take()).isEmpty();
        ReadResult result = reader.read();
        assertThat(result.buffer().toString(US_ASCII)).isEqualTo("tail");
        reader.advanceTo(0, 4);
        result = reader.read();
        assertThat(result.isCompleted()).isTrue();
        assertThat(result.buffer().toString(US_ASCII)).isEqualTo("tail");
    }

    @Test
    void itStopsAtTheLimitUntilTheReaderTakesSomething() throws Exception {
        feed("x".repeat(5000));
        reader.startReadAhead();
        // Reads come to at most one block beyond the limit.
        long total = 0;
        while (total < 5000) {
            ReadResult result = reader.read();
            assertThat(result.buffer().length()).isLessThan(300 + 128);
            total += result.buffer().length();
            reader.advanceTo(result.buffer().length());
        }
        assertThat(total).isEqualTo(5000);
    }

    @Test
    void whileItWaitsItHoldsNoBlockOfThePool() throws Exception {
        feed("x".repeat(64 + 100));
        reader.startReadAhead();
        source.awaitBlockedRead();
        long total = 0;
        while (total < 164) {
            ReadResult result = reader.read();
            total += result.buffer().length();
            reader.advanceTo(result.buffer().length());
        }
        source.awaitBlockedRead();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void itMayStartWhileTheReaderWaits() throws Exception {
        AtomicReference<@Nullable String> got = new AtomicReference<>();
        Thread reading =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                got.set(reader.read().buffer().toString(US_ASCII));
                                reader.advanceTo(5);
                            } catch (IOException e) {
                                got.set(e.toString());
                            }
                        });
        source.awaitBlockedRead();
        reader.startReadAhead();
        feed("hello");
        reading.join();
        assertThat(got.get()).isEqualTo("hello");
        source.end();
        assertThat(ends.take()).isEmpty();
    }

    @Test
    void afterAStopThePendingReadStillDelivers() throws Exception {
        reader.startReadAhead();
        source.awaitBlockedRead();
        reader.stopReadAhead();
        feed("late");
        assertThat(reader.read().buffer().toString(US_ASCII)).isEqualTo("late");
        reader.advanceTo(4);
        feed("direct");
        assertThat(reader.read().buffer().toString(US_ASCII)).isEqualTo("direct");
        reader.advanceTo(6);
    }

    @Test
    void cancelWakesTheReaderThatWaitsForReadAhead() throws Exception {
        reader.startReadAhead();
        Thread canceling =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                source.awaitBlockedRead();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            reader.cancelPendingRead();
                        });
        assertThat(reader.read().isCanceled()).isTrue();
        reader.advanceTo(0);
        canceling.join();
        assertThat(reader.read().isCompleted()).isTrue();
        assertThat(ends).isEmpty();
    }

    @Test
    void startingAfterTheEndDoesNothing() throws Exception {
        source.end();
        assertThat(reader.read().isCompleted()).isTrue();
        reader.advanceTo(0);
        reader.startReadAhead();
        assertThat(ends).hasSize(1);
        assertThat(source.rooms).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void startingAndStoppingAtAnyTimeLosesNothing(long seed) throws Exception {
        Random rounds = new Random(seed);
        for (int round = 0; round < 100; round++) {
            MemoryPool roundPool = new MemoryPool(128);
            ScriptedSource roundSource = new ScriptedSource();
            LinkedBlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
            SourcePipeReader roundReader =
                    new SourcePipeReader(roundPool, roundSource, 64, 300, error -> ended.add(1));
            long roundSeed = rounds.nextLong();
            CRC32 sent = new CRC32();
            Thread feeding =
                    Thread.startVirtualThread(
                            () -> {
                                Random random = new Random(roundSeed);
                                for (int i = 0; i < 60; i++) {
                                    byte[] piece = new byte[random.nextInt(1, 200)];
                                    random.nextBytes(piece);
                                    sent.update(piece);
                                    roundSource.feed(piece);
                                    if (random.nextBoolean()) {
                                        Thread.yield();
                                    }
                                }
                                roundSource.end();
                            });
            Thread switching =
                    Thread.startVirtualThread(
                            () -> {
                                Random random = new Random(~roundSeed);
                                for (int i = 0; i < 60; i++) {
                                    if (random.nextBoolean()) {
                                        roundReader.startReadAhead();
                                    } else {
                                        roundReader.stopReadAhead();
                                    }
                                    Thread.yield();
                                }
                            });
            CRC32 received = new CRC32();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Thread reading =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    drain(roundReader, new Random(roundSeed + 1), received);
                                } catch (Throwable e) {
                                    failure.set(e);
                                }
                            });
            feeding.join();
            reading.join();
            switching.join();
            assertThat(failure.get()).isNull();
            assertThat(received.getValue()).isEqualTo(sent.getValue());
            // The reader may see the end a moment before the listener is told.
            assertThat(ended.poll(10, TimeUnit.SECONDS)).as("the end is told").isEqualTo(1);
            assertThat(ended).as("the end is told once").isEmpty();
            roundReader.complete();
            assertThat(roundPool.stats().rented()).isZero();
        }
    }

    private static void drain(SourcePipeReader reader, Random random, CRC32 digest)
            throws IOException {
        while (true) {
            ReadResult result = random.nextInt(4) == 0 ? reader.tryRead() : reader.read();
            if (result == null) {
                Thread.yield();
                continue;
            }
            ByteSequence buffer = result.buffer();
            boolean end = result.isCompleted();
            long consumed = end ? buffer.length() : random.nextLong(buffer.length() + 1);
            buffer.slice(0, consumed).forEach(digest::update);
            reader.advanceTo(consumed, random.nextBoolean() ? consumed : buffer.length());
            if (end) {
                return;
            }
        }
    }

    private void feed(String text) {
        source.feed(text.getBytes(US_ASCII));
    }
}
