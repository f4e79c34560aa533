package dev.kestrel.internal.qpack;

import static dev.kestrel.internal.qpack.QPackTestSupport.LIMITS;
import static dev.kestrel.internal.qpack.QPackTestSupport.decode;
import static dev.kestrel.internal.qpack.QPackTestSupport.decodeRest;
import static dev.kestrel.internal.qpack.QPackTestSupport.hex;
import static dev.kestrel.internal.qpack.QPackTestSupport.insert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.qpack.QPackException.Reason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What breaks RFC 9204, each with the code that its section names. */
class QPackErrorsTest {

    /** Section 4.3; the maximum capacity is 220, and it is not set yet. */
    @ParameterizedTest
    @CsvSource({
        // 4.3.1: "MUST treat a new dynamic table capacity value that exceeds this limit"
        "3fbe01, CAPACITY_TOO_LARGE",
        "3fffffffffffffffff1f, CAPACITY_TOO_LARGE",
        // 3.2.2: "an entry that is larger than the dynamic table capacity"; at first that is zero
        "c0, ENTRY_TOO_LARGE",
        "4161, ENTRY_TOO_LARGE",
        "3f01 4161, ENTRY_TOO_LARGE",
        "3fbd01 c07fad01, ENTRY_TOO_LARGE",
        "3fbd01 5fff7f, ENTRY_TOO_LARGE",
        "3fbd01 c0ffff7f, ENTRY_TOO_LARGE",
        "3fbd01 c07fffffffffffffff7f, ENTRY_TOO_LARGE",
        // 3.1: an invalid static index "received on the encoder stream"
        "3fbd01 ff24, INVALID_INSERT_REFERENCE",
        // 2.2.3: "a reference in an encoder instruction to a dynamic table entry that has already
        // been evicted", or was never there
        "3fbd01 80, INVALID_INSERT_REFERENCE",
        "3fbd01 00, INVALID_INSERT_REFERENCE",
        "3fbd01 c00131 01, INVALID_INSERT_REFERENCE",
        "3fbd01 c00131 20 3fbd01 00, INVALID_INSERT_REFERENCE",
        // 7.4: "large values for integers, long encoding for integers"
        "3fffffffffffffffffff01, INSTRUCTION_INTEGER_TOO_LARGE",
        "3f80808080808080808000, INSTRUCTION_INTEGER_TOO_LARGE",
        "3fbd01 c07f80808080808080808000, INSTRUCTION_INTEGER_TOO_LARGE",
        // 4.1.2
        "3fbd01 c08100, INVALID_INSERT_HUFFMAN",
        "3fbd01 610000, INVALID_INSERT_HUFFMAN",
        "3fbd01 c084ffffffff, INVALID_INSERT_HUFFMAN"
    })
    void ofTheEncoderStream(String octets, Reason expected) {
        for (int piece : new int[] {1, 1000}) {
            QPackDecoder decoder = new QPackDecoder(220, 0);
            byte[] array = hex(octets);
            QPackException e =
                    catchThrowableOfType(
                            QPackException.class,
                            () -> {
                                for (int at = 0; at < array.length; at += piece) {
                                    int to = Math.min(array.length, at + piece);
                                    decoder.onEncoderStream(array, at, to);
                                }
                            });
            assertThat(e).as(octets).isNotNull();
            assertThat(e.reason()).isEqualTo(expected);
            assertThat(e.code()).isEqualTo(0x201);
            assertThat(e.isStreamError()).isFalse();
        }
    }

    /** Section 4.5; there are two entries of a table of 220 octets. */
    @ParameterizedTest
    @CsvSource({
        // 4.5.1.1: "could not have been produced by a conformant encoder"
        "0d00, INVALID_INSERT_COUNT",
        "0a00, INVALID_INSERT_COUNT",
        "0100, INVALID_INSERT_COUNT",
        // 4.5.1.2: "invalid if the value of Required Insert Count is less than or equal to the
        // value of Delta Base"
        "0080, INVALID_BASE",
        "0382, INVALID_BASE",
        // 2.2.3: "an absolute index greater than or equal to the declared Required Insert Count"
        "000080, INVALID_REFERENCE",
        "000010, INVALID_REFERENCE",
        "00004000, INVALID_REFERENCE",
        "00000000, INVALID_REFERENCE",
        "020010, INVALID_REFERENCE",
        "020081, INVALID_REFERENCE",
        "030082, INVALID_REFERENCE",
        "020180, INVALID_REFERENCE",
        "027fffffffffffffff7f 1fffffffffffffff7f, INVALID_REFERENCE",
        // 3.1: "an invalid static table index in a field line representation"
        "0000ff24, INVALID_REFERENCE",
        "00005f5400, INVALID_REFERENCE",
        // 2.2.1: "a Required Insert Count larger than expected"
        "0300, INSERT_COUNT_TOO_LARGE",
        "0300c0, INSERT_COUNT_TOO_LARGE",
        "030081, INSERT_COUNT_TOO_LARGE",
        // 4.1.2
        "0000518100, INVALID_HUFFMAN",
        "0000290000, INVALID_HUFFMAN",
        // cut
        "00, INCOMPLETE_SECTION",
        "00ff, INCOMPLETE_SECTION",
        "000051, INCOMPLETE_SECTION",
        "00005102, INCOMPLETE_SECTION",
        "0000510231, INCOMPLETE_SECTION",
        "00002361, INCOMPLETE_SECTION",
        "0000ff, INCOMPLETE_SECTION"
    })
    void ofFieldSections(String octets, Reason expected) throws QPackException {
        QPackException e = failure(octets);
        assertThat(e.reason()).isEqualTo(expected);
        assertThat(e.code()).isEqualTo(0x200);
        assertThat(e.isStreamError()).isFalse();
    }

    /** Section 7.4: "MUST be treated as a stream error of type QPACK_DECOMPRESSION_FAILED". */
    @ParameterizedTest
    @CsvSource({
        "ffffffffffffffffffff01, INTEGER_TOO_LARGE",
        "007fffffffffffffffffff01, INTEGER_TOO_LARGE",
        "0000ffffffffffffffffffff01, INTEGER_TOO_LARGE",
        "0000ff80808080808080808000, INTEGER_TOO_LARGE",
        "0000517fffffffff01, STRING_TOO_LONG",
        "0000517f82ff01, STRING_TOO_LONG",
        "000027faffff01, STRING_TOO_LONG"
    })
    void ofOneStream(String octets, Reason expected) throws QPackException {
        QPackException e = failure(octets);
        assertThat(e.reason()).isEqualTo(expected);
        assertThat(e.code()).isEqualTo(0x200);
        assertThat(e.isStreamError()).isTrue();
    }

    /** RFC 9114 section 4.1.2: a malformed message is a stream error of type H3_MESSAGE_ERROR. */
    @Test
    void aFieldWithoutANameMakesTheMessageMalformed() throws QPackException {
        QPackException literal = failure("00002000");
        assertThat(literal.code()).isEqualTo(0x10e);
        assertThat(literal.isStreamError()).isTrue();
        // The table may have such an entry, as long as no field refers to it.
        QPackDecoder decoder = new QPackDecoder(220, 0);
        insert(decoder, "3fbd01 4000");
        QPackException entry =
                catchThrowableOfType(QPackException.class, () -> decode(decoder, 0, "020080"));
        assertThat(entry.reason()).isEqualTo(Reason.EMPTY_NAME);
    }

    /** Section 2.2.3: "a dynamic table entry that has already been evicted". */
    @Test
    void anEvictedEntryIsNoLongerThere() throws QPackException {
        QPackDecoder decoder = new QPackDecoder(64, 0);
        insert(decoder, "3f21 41610131 41620132");
        assertThat(decoder.insertCount()).isEqualTo(2);
        assertThat(decode(decoder, 0, "030080")).hasSize(1);
        QPackException e =
                catchThrowableOfType(QPackException.class, () -> decode(decoder, 4, "0300 80 81"));
        assertThat(e.reason()).isEqualTo(Reason.INVALID_REFERENCE);
    }

    /** Section 2.1.2: "more blocked streams than it promised to support". */
    @Test
    void streamsBlockUpToTheLimit() throws QPackException {
        QPackDecoder decoder = new QPackDecoder(220, 2);
        QPackFieldSection first = blocked(decoder, 0, "0300 8081");
        QPackFieldSection second = blocked(decoder, 4, "0200 80");
        assertThat(decoder.blockedStreams()).isEqualTo(2);
        QPackException e =
                catchThrowableOfType(QPackException.class, () -> blocked(decoder, 8, "020080"));
        assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_BLOCKED_STREAMS);
        assertThat(e.code()).isEqualTo(0x200);

        insert(decoder, "3fbd01 c00131");
        assertThat(decoder.blockedStreams()).isEqualTo(1);
        assertThat(decoder.pollUnblocked()).isSameAs(second);
        assertThat(decoder.pollUnblocked()).isNull();
        QPackFieldSection third = blocked(decoder, 12, "0300 8081");
        insert(decoder, "c00132");
        assertThat(decoder.blockedStreams()).isZero();
        // One is taken, one finds out by itself.
        assertThat(first.isBlocked()).isFalse();
        decodeRest(first, hex("03008081"), 2, 9);
        assertThat(decoder.pollUnblocked()).isSameAs(third);
        assertThat(decoder.pollUnblocked()).isNull();
        assertThat(QPackTestSupport.replies(decoder)).isEqualTo("80");
    }

    /** "Blocked count released on cancel": nothing of a cancelled stream counts. */
    @Test
    void aCancelledStreamMakesRoomForAnother() throws QPackException {
        QPackDecoder decoder = new QPackDecoder(220, 1);
        for (int stream = 0; stream < 400; stream += 4) {
            blocked(decoder, stream, "020080");
            decoder.cancelStream(stream);
        }
        QPackFieldSection again = blocked(decoder, 400, "020080");
        again.begin(404);
        assertThat(decoder.blockedStreams()).as("after the section is used anew").isZero();
    }

    /** Section 7.3: "Implementations should limit the size of unsent data". */
    @Test
    void whatThePeerDoesNotReadDoesNotPileUp() {
        QPackDecoder decoder = new QPackDecoder(220, 1);
        QPackException e =
                catchThrowableOfType(
                        QPackException.class,
                        () -> {
                            for (long stream = 0; stream < 1 << 20; stream += 4) {
                                decoder.cancelStream(stream);
                            }
                        });
        assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PENDING_INSTRUCTIONS);
        assertThat(e.code()).isEqualTo(0x107);
    }

    /**
     * Section 2.2.2.2: with a capacity of zero a decoder "MAY omit sending Stream Cancellations".
     */
    @Test
    void withoutATableThereIsNothingToSay() throws QPackException {
        QPackDecoder decoder = new QPackDecoder(0, 0);
        decoder.cancelStream(4);
        decode(decoder, 8, "0000d1");
        assertThat(decoder.hasInstructions()).isFalse();
        QPackException e =
                catchThrowableOfType(QPackException.class, () -> decode(decoder, 12, "020080"));
        assertThat(e.reason()).isEqualTo(Reason.INVALID_INSERT_COUNT);
    }

    /** Section 4.4. */
    @ParameterizedTest
    @CsvSource({
        // 4.4.1: "a stream on which every encoded field section ... has already been acknowledged"
        "84, INVALID_ACKNOWLEDGMENT",
        "ffffffffffffffff7f, INVALID_ACKNOWLEDGMENT",
        // 4.4.3: "equal to zero, or one that increases the Known Received Count beyond what the
        // encoder has sent"
        "00, INVALID_INCREMENT",
        "01, INVALID_INCREMENT",
        "3fffffffffffffff7f, INVALID_INCREMENT",
        "ffffffffffffffffffff01, REPLY_INTEGER_TOO_LARGE",
        "3f80808080808080808000, REPLY_INTEGER_TOO_LARGE"
    })
    void ofTheDecoderStream(String octets, Reason expected) {
        QPackEncoder encoder = new QPackEncoder(4096, HPackIndexingPolicy.DEFAULT);
        encoder.setPeerSettings(4096, 100);
        byte[] array = hex(octets);
        QPackException e =
                catchThrowableOfType(
                        QPackException.class,
                        () -> {
                            for (int i = 0; i < array.length; i++) {
                                encoder.onDecoderStream(array, i, i + 1);
                            }
                        });
        assertThat(e.reason()).isEqualTo(expected);
        assertThat(e.code()).isEqualTo(0x202);
        assertThat(e.isStreamError()).isFalse();
    }

    /** Section 4.4.2 has no error: a stream may be cancelled that had no section. */
    @Test
    void anyStreamMayBeCancelled() {
        QPackEncoder encoder = new QPackEncoder(4096, HPackIndexingPolicy.DEFAULT);
        byte[] cancellation = hex("7fffffff7f");
        assertThatCode(() -> encoder.onDecoderStream(cancellation, 0, cancellation.length))
                .doesNotThrowAnyException();
    }

    private static QPackFieldSection blocked(QPackDecoder decoder, long stream, String octets)
            throws QPackException {
        QPackFieldSection section = new QPackFieldSection(decoder, LIMITS);
        section.begin(stream);
        byte[] array = hex(octets);
        section.readPrefix(array, 0, array.length, true);
        assertThat(section.isBlocked()).isTrue();
        return section;
    }

    private static QPackException failure(String octets) throws QPackException {
        QPackException whole = failure(octets, 1000);
        assertThat(failure(octets, 1)).as("an octet at a time").isSameAs(whole);
        return whole;
    }

    private static QPackException failure(String octets, int piece) throws QPackException {
        QPackDecoder decoder = new QPackDecoder(220, 0);
        insert(decoder, "3fbd01 c00131 c00132");
        byte[] array = hex(octets);
        QPackFieldSection section = new QPackFieldSection(decoder, LIMITS);
        section.begin(0);
        QPackException e =
                catchThrowableOfType(
                        QPackException.class,
                        () -> {
                            int at = 0;
                            while (!section.isPrefixComplete()) {
                                int to = Math.min(array.length, at + piece);
                                at = section.readPrefix(array, at, to, to == array.length);
                            }
                            decodeRest(section, array, at, piece);
                        });
        assertThat(e).as(octets).isNotNull();
        return e;
    }
}
