package dev.kestrel.internal.qpack;

import static dev.kestrel.internal.qpack.QPackTestSupport.LIMITS;
import static dev.kestrel.internal.qpack.QPackTestSupport.decode;
import static dev.kestrel.internal.qpack.QPackTestSupport.field;
import static dev.kestrel.internal.qpack.QPackTestSupport.hex;
import static dev.kestrel.internal.qpack.QPackTestSupport.insert;
import static dev.kestrel.internal.qpack.QPackTestSupport.replies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.hpack.HPackDynamicTable;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** The conversation of RFC 9204 appendix B, and the numbers of section 4.5.1. */
class QPackAppendixTest {

    private final QPackDecoder decoder = new QPackDecoder(220, 1);

    @Test
    void theExamplesOfAppendixB() throws QPackException {
        // B.1: Literal Field Line with Name Reference
        assertThat(decode(decoder, 0, "0000 510b 2f69 6e64 6578 2e68 746d 6c"))
                .containsExactly(field(":path", "/index.html"));
        assertThat(decoder.hasInstructions()).isFalse();

        // B.2: Dynamic Table
        insert(
                decoder,
                "3fbd01 c00f 7777 772e 6578 616d 706c 652e 636f 6d"
                        + "c10c 2f73 616d 706c 652f 7061 7468");
        assertThat(entries()).containsExactly(":authority: www.example.com", ":path: /sample/path");
        assertThat(decoder.table().size()).isEqualTo(106);
        assertThat(decode(decoder, 4, "0381 10 11"))
                .containsExactly(
                        field(":authority", "www.example.com"), field(":path", "/sample/path"));
        assertThat(replies(decoder)).isEqualTo("84");

        // B.3: Speculative Insert
        insert(decoder, "4a63 7573 746f 6d2d 6b65 790c 6375 7374 6f6d 2d76 616c 7565");
        assertThat(decoder.table().size()).isEqualTo(160);
        assertThat(replies(decoder)).isEqualTo("01");

        // B.4: Duplicate Instruction, Stream Cancellation
        QPackFieldSection delayed = new QPackFieldSection(decoder, LIMITS);
        byte[] section = hex("0500 80 c1 81");
        delayed.begin(8);
        assertThat(delayed.readPrefix(section, 0, section.length, true)).isEqualTo(2);
        assertThat(delayed.requiredInsertCount()).isEqualTo(4);
        assertThat(delayed.isBlocked()).isTrue();
        assertThat(decoder.blockedStreams()).isEqualTo(1);
        decoder.cancelStream(8);
        assertThat(decoder.blockedStreams()).isZero();
        assertThat(replies(decoder)).isEqualTo("48");
        insert(decoder, "02");
        assertThat(decoder.pollUnblocked()).isNull();
        assertThat(decoder.table().size()).isEqualTo(217);
        assertThat(decode(decoder, 12, "0500 80 c1 81"))
                .containsExactly(
                        field(":authority", "www.example.com"),
                        field(":path", "/"),
                        field("custom-key", "custom-value"));

        // B.5: Dynamic Table Insert, Eviction
        insert(decoder, "810d 6375 7374 6f6d 2d76 616c 7565 32");
        assertThat(decoder.table().size()).isEqualTo(215);
        assertThat(entries())
                .containsExactly(
                        ":path: /sample/path",
                        "custom-key: custom-value",
                        ":authority: www.example.com",
                        "custom-key: custom-value2");
    }

    /**
     * Section 4.5.1.1: "if the dynamic table is 100 bytes, then the Required Insert Count will be
     * encoded modulo 6. If a decoder has received 10 inserts, then an encoded value of 4 indicates
     * that the Required Insert Count is 9".
     */
    @Test
    void theExampleOfARequiredInsertCount() throws QPackException {
        assertThat(QPackInsertCount.maxEntries(100)).isEqualTo(3);
        assertThat(QPackInsertCount.decode(4, 3, 10)).isEqualTo(9);
        assertThat(QPackInsertCount.encode(9, 3)).isEqualTo(4);
    }

    @Test
    void everyRequiredInsertCountIsFoundAgain() throws QPackException {
        for (long maxEntries = 1; maxEntries < 20; maxEntries++) {
            for (long inserts = 0; inserts < 100; inserts++) {
                long most = inserts + maxEntries;
                for (long count = Math.max(1, inserts - maxEntries + 1); count <= most; count++) {
                    long encoded = QPackInsertCount.encode(count, maxEntries);
                    assertThat(QPackInsertCount.decode(encoded, maxEntries, inserts))
                            .isEqualTo(count);
                }
            }
        }
    }

    /** Appendix A. */
    @Test
    void everyEntryOfTheStaticTableIsFoundByItsNameAndValue() {
        for (int i = 0; i < QPackStaticTable.SIZE; i++) {
            int first = QPackStaticTable.findName(QPackStaticTable.name(i));
            assertThat(QPackStaticTable.findValue(first, QPackStaticTable.value(i))).isEqualTo(i);
        }
        assertThat(QPackStaticTable.name(98).text()).isEqualTo("x-frame-options");
        assertThat(QPackStaticTable.value(98)).isEqualTo("sameorigin");
        assertThat(QPackStaticTable.name(0).text()).isEqualTo(":authority");
        assertThat(QPackStaticTable.value(57)).isEqualTo("max-age=31536000; includesubdomains");
        assertThat(QPackStaticTable.findStatus(200)).isEqualTo(25);
        assertThat(QPackStaticTable.findStatus(500)).isEqualTo(71);
        assertThat(QPackStaticTable.findStatus(201)).isEqualTo(QPackStaticTable.NONE);
    }

    private List<String> entries() {
        HPackDynamicTable table = decoder.table();
        List<String> entries = new ArrayList<>();
        for (long n = table.oldestNumber(); n < table.nextNumber(); n++) {
            entries.add(table.name(n) + ": " + table.value(n));
        }
        return entries;
    }
}
