package dev.kestrel.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/** In the steady state a read and a write of a small message make no objects. */
class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void readingAndWritingSmallMessagesAllocatesNothing() throws IOException {
        MemoryPool pool = new MemoryPool();
        byte[] message = new byte[150];
        SourcePipeReader reader =
                new SourcePipeReader(
                        pool,
                        new ByteSource() {
                            @Override
                            public int read(ByteBuffer target) {
                                target.put(message);
                                return message.length;
                            }

                            @Override
                            public int available() {
                                return 0;
                            }

                            @Override
                            public void cancel() {}
                        });
        SinkPipeWriter writer =
                new SinkPipeWriter(
                        pool,
                        new ByteSink() {
                            @Override
                            public void write(ByteBuffer source) {
                                source.position(source.limit());
                            }

                            @Override
                            public void write(ByteBuffer[] sources, int count) {
                                throw new AssertionError("one block is enough");
                            }
                        });
        exchange(reader, writer, message, 20_000);

        long before = THREADS.getCurrentThreadAllocatedBytes();
        exchange(reader, writer, message, 10_000);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        // A byte for each exchange is far below the smallest object; what remains is the virtual
        // machine's own.
        assertThat(allocated).isLessThan(10_000);
        reader.complete();
        writer.complete();
    }

    private static void exchange(PipeReader reader, PipeWriter writer, byte[] message, int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            ReadResult result = reader.read();
            long length = result.buffer().length();
            reader.advanceTo(length);
            writer.write(message, 0, (int) length);
            writer.flush();
        }
    }
}
