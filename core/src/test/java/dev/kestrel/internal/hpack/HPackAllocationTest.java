package dev.kestrel.internal.hpack;

import static dev.kestrel.internal.hpack.HPackTestSupport.LIMITS;
import static dev.kestrel.internal.hpack.HPackTestSupport.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.kestrel.http.HttpHeaders;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** On a warm connection, a block of fields that both tables know makes no objects. */
class HPackAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int BLOCKS = 1000;

    /** Far below one object a block; a little is left for the measurement. */
    private static final long NEXT_TO_NOTHING = 8L * BLOCKS;

    @Test
    void repeatedBlocksAreWrittenAndReadWithoutObjects() throws HPackException {
        HPackEncoder encoder = new HPackEncoder(4096, HPackIndexingPolicy.DEFAULT);
        HPackHeaderWriter writer = new HPackHeaderWriter(encoder, FieldOctets.LATIN_1);
        HttpHeaders headers = new HttpHeaders();
        headers.set("Content-Type", "text/plain").set("X-Mine", "1").contentLength(13);
        headers.set("ETag", "\"abc\"").set("Server", "Kestrel");
        byte[] array = new byte[1024];

        writer.beginResponse(200, headers, array, 0, array.length);
        HPackDecoder decoder = new HPackDecoder(4096, LIMITS);
        decode(decoder, Arrays.copyOf(array, writer.end()));
        headers.remove("ETag").contentLength(-1);

        long written = 0;
        long read = 0;
        for (int round = 0; round < 5; round++) {
            long start = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < BLOCKS; i++) {
                writer.beginResponse(200, headers, array, 0, array.length);
            }
            long middle = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < BLOCKS; i++) {
                decoder.decode(array, 0, writer.end(), true, HPackSink.DISCARD);
            }
            read = THREADS.getCurrentThreadAllocatedBytes() - middle;
            written = middle - start;
        }
        assertThat(writer.end()).as("an octet a field").isEqualTo(4);
        assertThat(written).isLessThan(NEXT_TO_NOTHING);
        assertThat(read).isLessThan(NEXT_TO_NOTHING);
    }
}
