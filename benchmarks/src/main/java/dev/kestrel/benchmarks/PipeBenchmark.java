package dev.kestrel.benchmarks;

import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Bytes that go through a pipe from one virtual thread to another. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PipeBenchmark {

    private static final int ROUND_TRIPS = 1_000;
    private static final int PIECES = 1_000;
    private static final int PIECE = 4096;

    private final MemoryPool pool = new MemoryPool();
    private final byte[] piece = new byte[PIECE];

    /**
     * Writing and reading on one thread: the pipe without any hand-over. One operation: 64 bytes.
     */
    @Benchmark
    @OperationsPerInvocation(PIECES)
    public long sameThread() throws IOException {
        Pipe pipe = new Pipe(pool);
        long sum = 0;
        for (int i = 0; i < PIECES; i++) {
            pipe.writer().write(piece, 0, 64);
            pipe.writer().flush();
            sum += take(pipe.reader());
        }
        close(pipe);
        return sum;
    }

    /** A byte there and a byte back, each waited for: two hand-overs in one operation. */
    @Benchmark
    @OperationsPerInvocation(ROUND_TRIPS)
    public long roundTrip() throws IOException, InterruptedException {
        Pipe there = new Pipe(pool);
        Pipe back = new Pipe(pool);
        Thread answering = start(() -> answer(there.reader(), back.writer()));
        Thread asking = start(() -> ask(there.writer(), back.reader()));
        asking.join();
        answering.join();
        return checked(pool);
    }

    /** 4 KiB at a time from a writer that goes on as far as back-pressure lets it. */
    @Benchmark
    @OperationsPerInvocation(PIECES)
    public long stream() throws IOException, InterruptedException {
        Pipe pipe = new Pipe(pool);
        Thread writing = start(() -> writeAll(pipe.writer()));
        Thread reading = start(() -> readAll(pipe.reader()));
        writing.join();
        reading.join();
        return checked(pool);
    }

    private static void ask(PipeWriter writer, PipeReader reader) throws IOException {
        for (int i = 0; i < ROUND_TRIPS; i++) {
            writer.write('?');
            writer.flush();
            take(reader);
        }
        writer.complete();
        reader.complete();
    }

    private static void answer(PipeReader reader, PipeWriter writer) throws IOException {
        while (take(reader) > 0) {
            writer.write('!');
            writer.flush();
        }
        reader.complete();
        writer.complete();
    }

    private void writeAll(PipeWriter writer) throws IOException {
        for (int i = 0; i < PIECES; i++) {
            writer.write(piece);
            writer.flush();
        }
        writer.complete();
    }

    private static void readAll(PipeReader reader) throws IOException {
        long sum = 0;
        for (long n = take(reader); n > 0; n = take(reader)) {
            sum += n;
        }
        reader.complete();
        if (sum != (long) PIECES * PIECE) {
            throw new IllegalStateException(sum + " bytes came through");
        }
    }

    /** Takes what is there; zero at the end. */
    private static long take(PipeReader reader) throws IOException {
        ReadResult result = reader.read();
        long length = result.buffer().length();
        reader.advanceTo(length);
        return length;
    }

    private static void close(Pipe pipe) {
        pipe.writer().complete();
        pipe.reader().complete();
    }

    /** A thread that failed has left blocks behind. */
    private static long checked(MemoryPool pool) {
        long rented = pool.stats().rented();
        if (rented != 0) {
            throw new IllegalStateException(rented + " blocks did not come back");
        }
        return rented;
    }

    private static Thread start(Work work) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                work.run();
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
    }

    private interface Work {
        void run() throws IOException;
    }
}
