package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.kestrel.internal.hpack.HPackDecoder;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.protocol.ProtocolRequests;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** On a warm connection, a request that the client has sent before makes no objects. */
class Http2RequestAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int BLOCKS = 1000;

    /** Far below one object a block; a little is left for the measurement. */
    private static final long NEXT_TO_NOTHING = 8L * BLOCKS;

    private static final String[] FIELDS = {
        ":method", "QUERY",
        ":scheme", "http",
        ":path", "/a%20b/../c?d=e",
        ":authority", "example.org:8080",
        "user-agent", "a client with a name",
        "cookie", "a=1",
        "cookie", "b=2",
        "content-length", "12",
        "x-mine", "and mine"
    };

    @Test
    void aRepeatedRequestMakesNoObjects() throws Exception {
        HeadReading reading = new HeadReading();
        HPackDecoder decoder = new HPackDecoder(4096, new HPackLimits(32768, 32768, 100));
        decode(reading, decoder, indexed());
        byte[] again = new byte[FIELDS.length / 2];
        for (int i = 0; i < again.length; i++) {
            // The dynamic table begins at 62 with the latest entry.
            again[i] = (byte) (0x80 | (61 + again.length - i));
        }

        long allocated = 0;
        for (int round = 0; round < 5; round++) {
            long start = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < BLOCKS; i++) {
                decode(reading, decoder, again);
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - start;
        }
        assertThat(reading.request.path()).isEqualTo("/c");
        assertThat(reading.request.header("cookie")).isEqualTo("a=1; b=2");
        assertThat(reading.request.header("host")).isEqualTo("example.org:8080");
        assertThat(allocated).isLessThan(NEXT_TO_NOTHING);
    }

    private static void decode(HeadReading reading, HPackDecoder decoder, byte[] block)
            throws Exception {
        ProtocolRequests.recycle(reading.request);
        reading.head.beginRequest(reading.request.mutableHeaders());
        decoder.decode(block, 0, block.length, true, reading.head);
        reading.head.apply(1, reading.request, false);
    }

    /** All fields as literals that go into the table. */
    private static byte[] indexed() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < FIELDS.length; i += 2) {
            block.write(0x40);
            for (int k = i; k < i + 2; k++) {
                block.write(FIELDS[k].length());
                block.writeBytes(FIELDS[k].getBytes(StandardCharsets.US_ASCII));
            }
        }
        return block.toByteArray();
    }
}
