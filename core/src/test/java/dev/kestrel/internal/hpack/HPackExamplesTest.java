package dev.kestrel.internal.hpack;

import static dev.kestrel.internal.hpack.HPackTestSupport.decode;
import static dev.kestrel.internal.hpack.HPackTestSupport.decodeInPieces;
import static dev.kestrel.internal.hpack.HPackTestSupport.decoder;
import static dev.kestrel.internal.hpack.HPackTestSupport.field;
import static dev.kestrel.internal.hpack.HPackTestSupport.hex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.hpack.HPackTestSupport.Field;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** RFC 7541 appendix C, block by block, read and, where this encoder does the same, written. */
class HPackExamplesTest {

    private static final List<List<Field>> REQUESTS =
            List.of(
                    List.of(
                            field(":method", "GET"),
                            field(":scheme", "http"),
                            field(":path", "/"),
                            field(":authority", "www.example.com")),
                    List.of(
                            field(":method", "GET"),
                            field(":scheme", "http"),
                            field(":path", "/"),
                            field(":authority", "www.example.com"),
                            field("cache-control", "no-cache")),
                    List.of(
                            field(":method", "GET"),
                            field(":scheme", "https"),
                            field(":path", "/index.html"),
                            field(":authority", "www.example.com"),
                            field("custom-key", "custom-value")));

    private static final List<String> HUFFMAN_REQUESTS =
            List.of(
                    "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
                    "8286 84be 5886 a8eb 1064 9cbf",
                    "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf");

    private static final String DATE_1 = "Mon, 21 Oct 2013 20:13:21 GMT";
    private static final String DATE_2 = "Mon, 21 Oct 2013 20:13:22 GMT";
    private static final String COOKIE = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

    private static final List<List<Field>> RESPONSES =
            List.of(
                    List.of(
                            field(":status", "302"),
                            field("cache-control", "private"),
                            field("date", DATE_1),
                            field("location", "https://www.example.com")),
                    List.of(
                            field(":status", "307"),
                            field("cache-control", "private"),
                            field("date", DATE_1),
                            field("location", "https://www.example.com")),
                    List.of(
                            field(":status", "200"),
                            field("cache-control", "private"),
                            field("date", DATE_2),
                            field("location", "https://www.example.com"),
                            field("content-encoding", "gzip"),
                            field("set-cookie", COOKIE)));

    private static final List<String> HUFFMAN_RESPONSES =
            List.of(
                    "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
                            + "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
                    "4883 640e ffc1 c0bf",
                    "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab"
                            + "77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5"
                            + "291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07");

    @Test
    void c1_representationsOfIntegers() throws HPackException {
        assertThat(written(10, 5)).isEqualTo("0a");
        assertThat(written(1337, 5)).isEqualTo("1f9a0a");
        assertThat(written(42, 8)).isEqualTo("2a");
        assertThat(HPackIntegers.value(HPackIntegers.decode(hex("1f9a0a"), 0, 3, 5)))
                .isEqualTo(1337);
    }

    private static String written(int value, int bits) {
        byte[] array = new byte[8];
        int end = HPackIntegers.encode(value, bits, 0, array, 0);
        return HexFormat.of().formatHex(array, 0, end);
    }

    @Test
    void c2_representationsOfFields() throws HPackException {
        assertThat(
                        decode(
                                decoder(),
                                "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"))
                .containsExactly(field("custom-key", "custom-header"));
        assertThat(decode(decoder(), "040c 2f73 616d 706c 652f 7061 7468"))
                .containsExactly(field(":path", "/sample/path"));
        assertThat(decode(decoder(), "1008 7061 7373 776f 7264 0673 6563 7265 74"))
                .containsExactly(field("password", "secret"));
        assertThat(decode(decoder(), "82")).containsExactly(field(":method", "GET"));
    }

    @Test
    void c3_requestsWithoutHuffman() throws HPackException {
        assertDecodes(
                decoder(),
                REQUESTS,
                List.of(
                        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
                        "8286 84be 5808 6e6f 2d63 6163 6865",
                        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"));
    }

    @Test
    void c4_requestsWithHuffman() throws HPackException {
        assertDecodes(decoder(), REQUESTS, HUFFMAN_REQUESTS);
    }

    @Test
    void c5_responsesWithoutHuffman() throws HPackException {
        assertDecodes(
                decoderOf256(),
                RESPONSES,
                List.of(
                        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230"
                                + "3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65"
                                + "7861 6d70 6c65 2e63 6f6d",
                        "4803 3330 37c1 c0bf",
                        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220"
                                + "474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157"
                                + "454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076"
                                + "6572 7369 6f6e 3d31"));
    }

    @Test
    void c6_responsesWithHuffman() throws HPackException {
        assertDecodes(decoderOf256(), RESPONSES, HUFFMAN_RESPONSES);
    }

    @Test
    void c4_requestsAreWrittenTheSame() {
        assertEncodes(
                new HPackEncoder(4096, HPackIndexingPolicy.DEFAULT), REQUESTS, HUFFMAN_REQUESTS);
    }

    @Test
    void c6_responsesAreWrittenTheSame() {
        HPackEncoder encoder = new HPackEncoder(256, HPackIndexingPolicy.DEFAULT);
        byte[] update = new byte[4];
        assertThat(HexFormat.of().formatHex(update, 0, encoder.beginBlock(update, 0, 4)))
                .isEqualTo("3fe101");
        encoder.commitSizeUpdates();
        // "307" is no shorter in the Huffman code, so here it is written as C.5 has it.
        List<String> blocks =
                List.of(HUFFMAN_RESPONSES.get(0), "4803 3330 37c1 c0bf", HUFFMAN_RESPONSES.get(2));
        assertEncodes(encoder, RESPONSES, blocks);
        assertThat(encoder.tableSize()).isEqualTo(215);
    }

    /** With a table of 256 octets, as the appendix has it: what leaves it shows in the indices. */
    private static HPackDecoder decoderOf256() {
        return new HPackDecoder(256, HPackTestSupport.LIMITS);
    }

    private static void assertDecodes(
            HPackDecoder decoder, List<List<Field>> fields, List<String> blocks)
            throws HPackException {
        for (int i = 0; i < blocks.size(); i++) {
            byte[] block = hex(blocks.get(i));
            int piece = i + 1;
            assertThat(decodeInPieces(decoder, block, piece)).isEqualTo(fields.get(i));
        }
    }

    private static void assertEncodes(
            HPackEncoder encoder, List<List<Field>> fields, List<String> blocks) {
        for (int i = 0; i < blocks.size(); i++) {
            byte[] array = new byte[512];
            int at = 0;
            for (Field field : fields.get(i)) {
                // The appendix keeps every field, secrets as well.
                at =
                        encoder.encode(
                                HPackName.of(field.name()),
                                field.value(),
                                HPackIndexing.INDEXED,
                                array,
                                at,
                                array.length);
            }
            assertThat(HexFormat.of().formatHex(Arrays.copyOf(array, at)))
                    .isEqualTo(blocks.get(i).replace(" ", ""));
        }
    }
}
