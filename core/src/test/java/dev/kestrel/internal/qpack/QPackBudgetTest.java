package dev.kestrel.internal.qpack;

import static dev.kestrel.internal.qpack.QPackTestSupport.hex;
import static dev.kestrel.internal.qpack.QPackTestSupport.insert;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.hpack.HPackResult;
import dev.kestrel.internal.hpack.HPackSink;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

/** What a section may hold, and what decoding and encoding cost. */
class QPackBudgetTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final HPackLimits LIMITS = new HPackLimits(1000, 2000, 20);
    private static final int SECTIONS = 1000;

    /** Far below one object a section; a little is left for the measurement. */
    private static final long NEXT_TO_NOTHING = 8L * SECTIONS;

    private final QPackDecoder decoder = new QPackDecoder(1000, 1);
    private final QPackFieldSection section = new QPackFieldSection(decoder, LIMITS);
    private int handedOn;

    /** CVE-2025-64702: "references to a big dynamic entry many times count at full size". */
    @Test
    void everyReferenceToALargeEntryCountsInFull() throws QPackException {
        insert(decoder, "3fc907 c07f e905" + "61".repeat(872));
        assertThat(decoder.insertCount()).isEqualTo(1);
        // An entry has 914 octets.
        assertThat(decode("0200 8080")).isEqualTo(HPackResult.WITHIN_LIMITS);
        assertThat(handedOn).isEqualTo(2);
        assertThat(decode("0200 808080")).isEqualTo(HPackResult.LIST_TOO_LARGE);
        assertThat(handedOn).isEqualTo(2);
        assertThat(decode("0200" + "80".repeat(4))).isEqualTo(HPackResult.LIST_TOO_LARGE);
        assertThat(decode("0200" + "80".repeat(5))).isEqualTo(HPackResult.LIST_FAR_TOO_LARGE);
        assertThat(decode("0200" + "80".repeat(100_000))).isEqualTo(HPackResult.LIST_FAR_TOO_LARGE);
        // The others were acknowledged; these have to be cancelled.
        assertThat(QPackTestSupport.replies(decoder)).isEqualTo("848484");
    }

    @Test
    void fieldsAreCounted() throws QPackException {
        assertThat(decode("0000" + "d1".repeat(20))).isEqualTo(HPackResult.WITHIN_LIMITS);
        assertThat(decode("0000" + "d1".repeat(21))).isEqualTo(HPackResult.TOO_MANY_FIELDS);
        assertThat(handedOn).isEqualTo(20);
        assertThat(decode("0000" + "d1".repeat(40))).isEqualTo(HPackResult.TOO_MANY_FIELDS);
        assertThat(decode("0000" + "d1".repeat(41))).isEqualTo(HPackResult.FAR_TOO_MANY_FIELDS);
        assertThat(decode("0000d1")).as("the next section").isEqualTo(HPackResult.WITHIN_LIMITS);
    }

    /** "Decoded without building what is over the limit": the lengths in front tell. */
    @Test
    void whatCanNotFitIsRefusedByItsLengths() throws QPackException {
        HPackLimits narrow = new HPackLimits(1000, 400, 20);
        QPackFieldSection narrowed = new QPackFieldSection(decoder, narrow);
        narrowed.begin(0);
        byte[] announced = hex("0000 51 7fe806");
        int at = narrowed.readPrefix(announced, 0, announced.length, false);
        assertThat(narrowed.decode(announced, at, announced.length, false, HPackSink.DISCARD))
                .isEqualTo(HPackResult.LIST_FAR_TOO_LARGE);
    }

    /** "Memory bounded whatever the peer sends": a block beyond its limits makes no strings. */
    @Test
    void fieldsBeyondTheLimitsAreNotBuilt() throws QPackException {
        byte[] octets = hex("0000" + "d1".repeat(20) + "2361626303646566".repeat(18));
        HPackLimits wide = new HPackLimits(1000, 100_000, 20);
        QPackFieldSection of = new QPackFieldSection(decoder, wide);
        long allocated = 0;
        for (int round = 0; round < 5; round++) {
            long start = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < SECTIONS; i++) {
                of.begin(4);
                int at = of.readPrefix(octets, 0, octets.length, true);
                of.decode(octets, at, octets.length, true, HPackSink.DISCARD);
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - start;
        }
        assertThat(allocated).isLessThan(NEXT_TO_NOTHING);
    }

    /** On a warm connection, a section of fields that a table knows makes no objects. */
    @Test
    void repeatedSectionsAreWrittenAndReadWithoutObjects() throws QPackException {
        for (int capacity : new int[] {0, 4096}) {
            QPackEncoder encoder = new QPackEncoder(capacity, HPackIndexingPolicy.DEFAULT);
            encoder.setPeerSettings(4096, 100);
            QPackHeaderWriter writer = new QPackHeaderWriter(encoder, FieldOctets.LATIN_1);
            HttpHeaders headers =
                    QPackTestSupport.headers(
                            "Content-Type", "text/plain", "Vary", "origin", "X-Mine", "1");
            byte[] array = new byte[1024];
            byte[] acknowledgment = hex("84");
            if (capacity == 0) {
                headers.remove("X-Mine");
            }
            long written = 0;
            for (int round = 0; round < 5; round++) {
                long start = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < SECTIONS; i++) {
                    writer.beginResponse(4, 200, headers);
                    writer.write(array, 0, array.length);
                    if (array[0] != 0) {
                        encoder.onDecoderStream(acknowledgment, 0, 1);
                    }
                }
                written = THREADS.getCurrentThreadAllocatedBytes() - start;
            }
            assertThat(writer.end()).isEqualTo(capacity == 0 ? 5 : 6);
            assertThat(written).isLessThan(NEXT_TO_NOTHING);
        }
        byte[] request = hex("0000 d1 d7 c1 dd df");
        long read = 0;
        for (int round = 0; round < 5; round++) {
            long start = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < SECTIONS; i++) {
                section.begin(4);
                int at = section.readPrefix(request, 0, request.length, true);
                section.decode(request, at, request.length, true, HPackSink.DISCARD);
            }
            read = THREADS.getCurrentThreadAllocatedBytes() - start;
        }
        assertThat(read).isLessThan(NEXT_TO_NOTHING);
    }

    private HPackResult decode(String octets) throws QPackException {
        handedOn = 0;
        section.begin(4);
        byte[] array = hex(octets);
        int at = section.readPrefix(array, 0, array.length, true);
        return section.decode(array, at, array.length, true, (name, value) -> handedOn++);
    }
}
