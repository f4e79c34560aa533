package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;

/**
 * Two threads, seeded random sizes, cancellations and ends: no byte is lost, changed or doubled, no
 * block stays out.
 */
@Timeout(60)
class PipeStressTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void bytesArriveAsTheyWereSent(long seed) throws Exception {
        MemoryPool pool = new MemoryPool(128);
        Random sizes = new Random(seed);
        Pipe pipe = new Pipe(pool, new PipeOptions(1 + sizes.nextInt(1000), 1));
        for (int round = 0; round < 20; round++) {
            Outcome sent = new Outcome();
            Outcome received = new Outcome();
            long roundSeed = sizes.nextLong();
            Thread writing =
                    start(sent, () -> write(pipe.writer(), new Random(roundSeed), sent.digest));
            Thread reading =
                    start(
                            received,
                            () -> read(pipe.reader(), new Random(~roundSeed), received.digest));
            Thread canceling = start(new Outcome(), () -> cancel(pipe, new Random(roundSeed + 1)));
            writing.join();
            reading.join();
            canceling.join();
            sent.check();
            received.check();
            assertThat(received.digest.getValue()).isEqualTo(sent.digest.getValue());
            assertThat(pool.stats().rented()).isZero();
            pipe.reset();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void whoeverEndsFirstEveryBlockComesBack(long seed) throws Exception {
        MemoryPool pool = new MemoryPool(128);
        Random random = new Random(seed);
        Pipe pipe = new Pipe(pool, new PipeOptions(500, 250));
        for (int round = 0; round < 300; round++) {
            long roundSeed = random.nextLong();
            Thread writing =
                    start(
                            new Outcome(),
                            () -> {
                                Random r = new Random(roundSeed);
                                PipeWriter writer = pipe.writer();
                                try {
                                    for (int i = r.nextInt(20); i > 0; i--) {
                                        writer.write(new byte[r.nextInt(300)]);
                                        if (r.nextBoolean()) {
                                            writer.flush();
                                        }
                                    }
                                } finally {
                                    writer.complete(
                                            r.nextBoolean() ? null : new IOException("end"));
                                }
                            });
            Thread reading =
                    start(
                            new Outcome(),
                            () -> {
                                Random r = new Random(~roundSeed);
                                PipeReader reader = pipe.reader();
                                try {
                                    for (int i = r.nextInt(20); i > 0; i--) {
                                        ReadResult result = reader.read();
                                        long length = result.buffer().length();
                                        reader.advanceTo(
                                                length == 0 ? 0 : r.nextLong(length + 1), length);
                                        if (result.isCompleted()) {
                                            break;
                                        }
                                    }
                                } finally {
                                    reader.complete(
                                            r.nextBoolean() ? null : new IOException("end"));
                                }
                            });
            writing.join();
            reading.join();
            assertThat(pool.stats().rented()).as("round %d of seed %d", round, seed).isZero();
            pipe.reset();
        }
    }

    private static void write(PipeWriter writer, Random random, CRC32 digest) throws IOException {
        for (int i = 0; i < 400; i++) {
            byte[] piece = new byte[random.nextInt(300)];
            random.nextBytes(piece);
            digest.update(piece);
            switch (random.nextInt(3)) {
                case 0 -> writer.write(piece);
                case 1 -> {
                    for (byte b : piece) {
                        writer.write(b);
                    }
                }
                default -> {
                    for (int from = 0; from < piece.length; from += 50) {
                        int count = Math.min(50, piece.length - from);
                        byte[] memory = writer.reserve(count);
                        System.arraycopy(piece, from, memory, writer.position(), count);
                        writer.advance(count);
                    }
                }
            }
            if (random.nextInt(3) > 0) {
                writer.flush();
            }
        }
        writer.complete();
    }

    private static void read(PipeReader reader, Random random, CRC32 digest) throws IOException {
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
            if (random.nextBoolean()) {
                reader.advanceTo(consumed);
            } else {
                reader.advanceTo(consumed, buffer.length());
            }
            if (end) {
                break;
            }
        }
        reader.complete();
    }

    private static void cancel(Pipe pipe, Random random) {
        for (int i = 0; i < 50; i++) {
            if (random.nextBoolean()) {
                pipe.reader().cancelPendingRead();
            } else {
                pipe.writer().cancelPendingFlush();
            }
            Thread.yield();
        }
    }

    private static Thread start(Outcome outcome, Work work) {
        return Thread.startVirtualThread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable e) {
                        outcome.failure.set(e);
                    }
                });
    }

    private interface Work {
        void run() throws Exception;
    }

    private static final class Outcome {
        final CRC32 digest = new CRC32();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        void check() {
            assertThat(failure.get()).isNull();
        }
    }
}
