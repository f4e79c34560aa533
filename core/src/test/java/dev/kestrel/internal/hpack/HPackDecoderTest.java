package dev.kestrel.internal.hpack;

import static dev.kestrel.internal.hpack.HPackTestSupport.decode;
import static dev.kestrel.internal.hpack.HPackTestSupport.decodeInPieces;
import static dev.kestrel.internal.hpack.HPackTestSupport.decoder;
import static dev.kestrel.internal.hpack.HPackTestSupport.field;
import static dev.kestrel.internal.hpack.HPackTestSupport.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.hpack.HPackException.Reason;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class HPackDecoderTest {

    /**
     * The vectors of the original's tests; each is COMPRESSION_ERROR for its connection. Those with
     * a name in bad Huffman code have an empty value behind it: a field is decoded when it is all
     * there.
     */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    ff, INCOMPLETE_BLOCK
                    40 7f, INCOMPLETE_BLOCK
                    40 01, INCOMPLETE_BLOCK
                    40 02 61, INCOMPLETE_BLOCK
                    40 01 61 7f, INCOMPLETE_BLOCK
                    40 01 61 01, INCOMPLETE_BLOCK
                    40 01 61 02 61, INCOMPLETE_BLOCK
                    7f, INCOMPLETE_BLOCK
                    7a ff, INCOMPLETE_BLOCK
                    7a 01, INCOMPLETE_BLOCK
                    7a 02 61, INCOMPLETE_BLOCK
                    00 ff, INCOMPLETE_BLOCK
                    00 01, INCOMPLETE_BLOCK
                    00 02 61, INCOMPLETE_BLOCK
                    00 01 61 ff, INCOMPLETE_BLOCK
                    00 01 61 01, INCOMPLETE_BLOCK
                    00 01 61 02 61, INCOMPLETE_BLOCK
                    0f, INCOMPLETE_BLOCK
                    02 ff, INCOMPLETE_BLOCK
                    02 01, INCOMPLETE_BLOCK
                    02 02 61, INCOMPLETE_BLOCK
                    10 ff, INCOMPLETE_BLOCK
                    10 01, INCOMPLETE_BLOCK
                    10 02 61, INCOMPLETE_BLOCK
                    10 01 61 ff, INCOMPLETE_BLOCK
                    10 01 61 01, INCOMPLETE_BLOCK
                    10 01 61 02 61, INCOMPLETE_BLOCK
                    1f, INCOMPLETE_BLOCK
                    12 ff, INCOMPLETE_BLOCK
                    12 01, INCOMPLETE_BLOCK
                    12 02 61, INCOMPLETE_BLOCK
                    3f, INCOMPLETE_BLOCK
                    40 82 f8 ff 00, INVALID_HUFFMAN
                    40 84 ff ff ff ff 00, INVALID_HUFFMAN
                    00 82 f8 ff 00, INVALID_HUFFMAN
                    00 84 ff ff ff ff 00, INVALID_HUFFMAN
                    10 82 f8 ff 00, INVALID_HUFFMAN
                    10 84 ff ff ff ff 00, INVALID_HUFFMAN
                    7a 82 f8 ff, INVALID_HUFFMAN
                    7a 84 ff ff ff ff, INVALID_HUFFMAN
                    0f 2b 82 f8 ff, INVALID_HUFFMAN
                    0f 2b 84 ff ff ff ff, INVALID_HUFFMAN
                    1f 2b 82 f8 ff, INVALID_HUFFMAN
                    1f 2b 84 ff ff ff ff, INVALID_HUFFMAN
                    be, INVALID_INDEX
                    7e, INVALID_INDEX
                    0f 2f, INVALID_INDEX
                    1f 2f, INVALID_INDEX
                    00 00 05 76 61 6c 75 65, EMPTY_NAME
                    00 80 05 76 61 6c 75 65, EMPTY_NAME
                    82 3e, MISPLACED_SIZE_UPDATE
                    3f e2 1f, SIZE_UPDATE_TOO_LARGE
                    00 7f 80 80 80 80 7f, INTEGER_TOO_LARGE
                    00 7f 82 ff 01, STRING_TOO_LONG
                    """)
    void badBlocksAreRefusedForTheirReason(String hex, Reason reason) {
        assertRefused(() -> decode(decoder(), hex), reason);
        assertRefused(() -> decodeInPieces(decoder(), hex(hex), 1), reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "40 82 f8 ff",
                "40 84 ff ff ff ff",
                "00 82 f8 ff",
                "00 84 ff ff ff ff",
                "10 82 f8 ff",
                "10 84 ff ff ff ff"
            })
    void aBadNameWithoutAValueIsRefusedAsWell(String hex) {
        assertRefused(() -> decode(decoder(), hex), Reason.INCOMPLETE_BLOCK);
    }

    @ParameterizedTest
    @CsvSource({"80", "82 80", "c0"})
    void anIndexOfZeroOrBeyondTheTablesIsRefused(String hex) {
        // RFC 7541 section 6.1: "The index value of 0 is not used. It MUST be treated as a decoding
        // error if found in an indexed header field representation."
        assertRefused(() -> decode(decoder(), hex), Reason.INVALID_INDEX);
    }

    @Test
    void anErrorHasNoStackTrace() {
        assertThatThrownBy(() -> decode(decoder(), "80"))
                .isInstanceOfSatisfying(
                        HPackException.class,
                        refused -> {
                            assertThat(refused.getStackTrace()).isEmpty();
                            refused.addSuppressed(new IllegalStateException());
                            assertThat(refused.getSuppressed()).isEmpty();
                        });
    }

    @Test
    void aSizeUpdateOpensABlock() throws HPackException {
        HPackDecoder decoder = decoder();
        assertThat(decode(decoder, "82")).hasSize(1);
        assertThat(decode(decoder, "3e")).isEmpty();
        assertThat(decode(decoder, "203fe11f82")).hasSize(1);
    }

    @Test
    void threeSizeUpdatesInABlockAreRefused() {
        // RFC 7541 section 4.2: "...at most two dynamic table size updates."
        assertRefused(() -> decode(decoder(), "20 20 20 82"), Reason.MISPLACED_SIZE_UPDATE);
    }

    @Test
    void aSizeUpdateEvicts() throws HPackException {
        HPackDecoder decoder = decoder();
        decode(decoder, "40 01 61 01 62");
        assertThat(decode(decoder, "be")).containsExactly(field("a", "b"));
        assertThat(decode(decoder, "3f 03 be")).containsExactly(field("a", "b"));
        assertRefused(() -> decode(decoder, "3f 02 be"), Reason.INVALID_INDEX);
    }

    @Test
    void afterTheLimitShrankTheNextBlockMustFollow() throws HPackException {
        // RFC 9113 section 4.3.1: "An endpoint MUST treat a field block that follows an
        // acknowledgment of the reduction to the maximum dynamic table size as a connection error
        // of type COMPRESSION_ERROR if it does not start with a conformant Dynamic Table Size
        // Update instruction."
        assertRefused(() -> decode(shrunkTo(100), "82"), Reason.MISSING_SIZE_UPDATE);
        assertRefused(() -> decode(shrunkTo(100), ""), Reason.MISSING_SIZE_UPDATE);
        assertRefused(() -> decode(shrunkTo(100), "3f 46 82"), Reason.SIZE_UPDATE_TOO_LARGE);
        assertThat(decode(shrunkTo(100), "3f 45 82")).hasSize(1);
        assertThat(decode(shrunkTo(100), "20 3f 45 82")).hasSize(1);
        HPackDecoder small = shrunkTo(100);
        decode(small, "20");
        small.setMaxTableSize(50);
        assertThat(decode(small, "82")).as("its table is small enough already").hasSize(1);
    }

    @Test
    void aLimitThatShrankAndGrewAgainIsAnnouncedBySmallestSizeFirst() throws HPackException {
        // RFC 7541 section 4.2: "the smallest maximum table size that occurs in that interval MUST
        // be signaled in a dynamic table size update."
        assertRefused(() -> decode(shrunkAndGrown(), "82"), Reason.MISSING_SIZE_UPDATE);
        assertRefused(() -> decode(shrunkAndGrown(), "3fe11f 82"), Reason.MISSING_SIZE_UPDATE);
        assertThat(decode(shrunkAndGrown(), "3f 45 3fe11f 82")).hasSize(1);
        assertThat(decode(shrunkAndGrown(), "20 82")).hasSize(1);
    }

    private static HPackDecoder shrunkTo(int size) {
        HPackDecoder decoder = decoder();
        decoder.setMaxTableSize(size);
        return decoder;
    }

    private static HPackDecoder shrunkAndGrown() {
        HPackDecoder decoder = shrunkTo(100);
        decoder.setMaxTableSize(4096);
        return decoder;
    }

    @Test
    void aFieldLargerThanTheTableEmptiesIt() throws HPackException {
        // RFC 7541 section 4.4: "It is not an error to attempt to add an entry that is larger than
        // the maximum size; ... causes the table to be emptied".
        HPackDecoder decoder = new HPackDecoder(40, HPackTestSupport.LIMITS);
        decode(decoder, "40 01 61 01 62");
        assertThat(decode(decoder, "40 01 61 08 6262626262626262"))
                .containsExactly(field("a", "bbbbbbbb"));
        assertRefused(() -> decode(decoder, "be"), Reason.INVALID_INDEX);
    }

    @Test
    void aNameMayComeFromTheEntryThatItsOwnFieldEvicts() throws HPackException {
        // RFC 7541 section 4.4: "A new entry can reference the name of an entry in the dynamic
        // table
        // that will be evicted when adding this new entry".
        HPackDecoder decoder = new HPackDecoder(40, HPackTestSupport.LIMITS);
        decode(decoder, "40 01 61 01 62");
        assertThat(decode(decoder, "7e 01 63 be"))
                .containsExactly(field("a", "c"), field("a", "c"));
    }

    @Test
    void namesThatAreKnownAreExistingObjects() throws HPackException {
        List<HPackName> names =
                names("00 04 686f7374 01 78", "0f 17 01 78", "00 05 3a70617468 01 2f");
        assertThat(names.get(0)).isSameAs(HPackName.of(KnownHeader.HOST));
        assertThat(names.get(1)).isSameAs(HPackName.of("host"));
        assertThat(names.get(2)).isSameAs(HPackName.of(":path"));
        assertThat(names.get(2).isPseudo()).isTrue();
        assertThat(names).allMatch(HPackName::isWellFormed);
    }

    @Test
    void namesWithUpperCaseAreHandedOnAsTheyAre() throws HPackException {
        // RFC 9113 section 8.2.1: whether that is malformed is for the engine.
        List<HPackName> names =
                names("00 04 486f7374 01 78", "00 03 612062 01 78", "00 01 3a 01 78");
        assertThat(names.get(0).text()).isEqualTo("Host");
        assertThat(names.get(0).known()).isEqualTo(KnownHeader.HOST);
        assertThat(names).noneMatch(HPackName::isWellFormed);
    }

    private static List<HPackName> names(String... blocks) throws HPackException {
        List<HPackName> names = new ArrayList<>();
        HPackDecoder decoder = decoder();
        for (String hex : blocks) {
            byte[] block = hex(hex);
            decoder.decode(block, 0, block.length, true, (name, value) -> names.add(name));
        }
        return names;
    }

    @Test
    void valuesKeepEveryOctet() throws HPackException {
        assertThat(decode(decoder(), "00 01 61 03 00a3ff"))
                .containsExactly(field("a", "\u0000\u00a3\u00ff"));
    }

    @Test
    void aBlockOverTheSizeIsCountedToTwiceThat() throws HPackException {
        // Each 82 is ":method: GET": 7 + 3 + 32 octets (RFC 9113 section 6.5.2).
        HPackLimits limits = new HPackLimits(100, 84, 100);
        assertThat(resultOf(limits, "82 82")).isEqualTo(HPackResult.WITHIN_LIMITS);
        assertThat(resultOf(limits, "82 82 82")).isEqualTo(HPackResult.LIST_TOO_LARGE);
        assertThat(resultOf(limits, "82 82 82 82")).isEqualTo(HPackResult.LIST_TOO_LARGE);
        assertThat(resultOf(limits, "82 82 82 82 82")).isEqualTo(HPackResult.LIST_FAR_TOO_LARGE);
    }

    @Test
    void aBlockWithTooManyFieldsIsCountedToTwiceThat() throws HPackException {
        HPackLimits limits = new HPackLimits(100, 10_000, 2);
        assertThat(resultOf(limits, "82 82")).isEqualTo(HPackResult.WITHIN_LIMITS);
        assertThat(resultOf(limits, "82 82 82")).isEqualTo(HPackResult.TOO_MANY_FIELDS);
        assertThat(resultOf(limits, "82 82 82 82")).isEqualTo(HPackResult.TOO_MANY_FIELDS);
        assertThat(resultOf(limits, "82 82 82 82 82")).isEqualTo(HPackResult.FAR_TOO_MANY_FIELDS);
    }

    @Test
    void whatIsBeyondTheLimitsIsNotHandedOnButKeepsTheTableInStep() throws HPackException {
        HPackDecoder decoder = new HPackDecoder(4096, new HPackLimits(100, 10_000, 1));
        List<String> values = new ArrayList<>();
        byte[] block = hex("82 40 01 61 01 62");
        assertThat(decoder.decode(block, 0, 6, true, (name, value) -> values.add(value)))
                .isEqualTo(HPackResult.TOO_MANY_FIELDS);
        assertThat(values).containsExactly("GET");
        assertThat(decode(decoder, "be")).containsExactly(field("a", "b"));
    }

    @Test
    void decodingStopsInTheMiddleOfABombOfReferences() throws HPackException {
        // One octet each, 42 in the list: the block is refused long before its end.
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 0x82);
        int[] handedOn = new int[1];
        HPackDecoder decoder = new HPackDecoder(4096, new HPackLimits(100, 32768, 100));
        HPackResult result =
                decoder.decode(block, 0, block.length, false, (name, value) -> handedOn[0]++);
        assertThat(result).isEqualTo(HPackResult.FAR_TOO_MANY_FIELDS);
        assertThat(result.isFatal()).isTrue();
        assertThat(handedOn[0]).isEqualTo(100);
        assertThat(decoder.decode(block, 0, 1, true, HPackSink.DISCARD)).isEqualTo(result);
    }

    @Test
    void aStringIsRefusedByItsLengthBeforeItComes() {
        HPackDecoder decoder = new HPackDecoder(4096, new HPackLimits(8192, 10_000, 10));
        // The vector of the original: "a" of 8193 octets, of which none has come.
        byte[] block = hex("00 01 61 7f 82 3f");
        assertRefused(
                () -> decoder.decode(block, 0, block.length, false, HPackSink.DISCARD),
                Reason.STRING_TOO_LONG);
    }

    @Test
    void aHuffmanStringIsBoundedByWhatItMeans() throws HPackException {
        // Five octets of the shortest code are eight characters.
        assertThat(resultOf(new HPackLimits(8, 10_000, 10), "00 01 61 85 00 00 00 00 00"))
                .isEqualTo(HPackResult.WITHIN_LIMITS);
        assertRefused(
                () -> resultOf(new HPackLimits(7, 10_000, 10), "00 01 61 85 00 00 00 00 00"),
                Reason.STRING_TOO_LONG);
    }

    private static HPackResult resultOf(HPackLimits limits, String hex) throws HPackException {
        byte[] block = hex(hex);
        return new HPackDecoder(4096, limits)
                .decode(block, 0, block.length, true, HPackSink.DISCARD);
    }

    private static void assertRefused(ThrowingCallable decoding, Reason reason) {
        assertThatThrownBy(decoding)
                .isInstanceOfSatisfying(
                        HPackException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
