package dev.kestrel.conformance;

import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.ByteSource;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/** A client of HTTP/1.1: each read brings the same request, and answers are dropped. */
final class RepeatedRequest implements ByteSource, ByteSink {

    private final byte[] request;
    private final int times;
    private final IntConsumer beforeRead;
    private int served;
    private volatile long written;

    /**
     * Asks {@code times} times; {@code beforeRead} hears how often the request was brought so far.
     */
    RepeatedRequest(byte[] request, int times, IntConsumer beforeRead) {
        this.request = request;
        this.times = times;
        this.beforeRead = beforeRead;
    }

    long bytesWritten() {
        return written;
    }

    @Override
    public int read(ByteBuffer target) {
        beforeRead.accept(served);
        if (served == times) {
            return -1;
        }
        served++;
        target.put(request);
        return request.length;
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void cancel() {}

    @Override
    public void write(ByteBuffer source) {
        long count = written + source.remaining();
        source.position(source.limit());
        written = count;
    }

    @Override
    public void write(ByteBuffer[] sources, int length) {
        for (int i = 0; i < length; i++) {
            write(sources[i]);
        }
    }
}
