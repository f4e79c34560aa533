package dev.kestrel.conformance.h2spec;

import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.join;

import java.util.HexFormat;

/** What every endpoint accepts: the representations of RFC 7541. */
final class GenericHpack {

    private static final byte[] PLAIN_NAME = join(new byte[] {6}, bytes("x-test"));
    private static final byte[] PLAIN_VALUE = join(new byte[] {6}, bytes("h2spec"));
    private static final byte[] HUFFMAN_NAME = hex("85f2b24a84ff");
    private static final byte[] HUFFMAN_VALUE = hex("849c48aca4");

    /** User-agent is the 58th entry of the static table: an integer with a prefix of six bits. */
    private static final byte[] INDEXED_NAME_WITH_INDEXING = hex("7a");

    private static final byte[] INDEXED_NAME_WITHOUT_INDEXING = hex("0f2b");
    private static final byte[] INDEXED_NAME_NEVER_INDEXED = hex("1f2b");

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("generic/5")
                .add("Sends a indexed header field representation", after(hex("ba")))
                .add(
                        "Sends a literal header field with incremental indexing - indexed name",
                        after(INDEXED_NAME_WITH_INDEXING, PLAIN_VALUE))
                .add(
                        "Sends a literal header field with incremental indexing - indexed name"
                                + " (with Huffman coding)",
                        after(INDEXED_NAME_WITH_INDEXING, HUFFMAN_VALUE))
                .add(
                        "Sends a literal header field with incremental indexing - new name",
                        after(hex("40"), PLAIN_NAME, PLAIN_VALUE))
                .add(
                        "Sends a literal header field with incremental indexing - new name"
                                + " (with Huffman coding)",
                        after(hex("40"), HUFFMAN_NAME, HUFFMAN_VALUE))
                .add(
                        "Sends a literal header field without indexing - indexed name",
                        after(INDEXED_NAME_WITHOUT_INDEXING, PLAIN_VALUE))
                .add(
                        "Sends a literal header field without indexing - indexed name"
                                + " (with Huffman coding)",
                        after(INDEXED_NAME_WITHOUT_INDEXING, HUFFMAN_VALUE))
                .add(
                        "Sends a literal header field without indexing - new name",
                        after(hex("00"), PLAIN_NAME, PLAIN_VALUE))
                .add(
                        "Sends a literal header field without indexing - new name"
                                + " (huffman encoded)",
                        after(hex("00"), HUFFMAN_NAME, HUFFMAN_VALUE))
                .add(
                        "Sends a literal header field never indexed - indexed name",
                        after(INDEXED_NAME_NEVER_INDEXED, PLAIN_VALUE))
                .add(
                        "Sends a literal header field never indexed - indexed name"
                                + " (huffman encoded)",
                        after(INDEXED_NAME_NEVER_INDEXED, HUFFMAN_VALUE))
                .add(
                        "Sends a literal header field never indexed - new name",
                        after(hex("10"), PLAIN_NAME, PLAIN_VALUE))
                .add(
                        "Sends a literal header field never indexed - new name"
                                + " (huffman encoded)",
                        after(hex("10"), HUFFMAN_NAME, HUFFMAN_VALUE))
                .add("Sends a dynamic table size update", before(hex("20")))
                .add("Sends multiple dynamic table size update", before(hex("203fe11f")))
    };

    private GenericHpack() {}

    private static H2SpecCase.Exchange after(byte[]... field) {
        return c -> {
            c.headers(1, true, join(c.get(), join(field)));
            c.expect().headers(1);
        };
    }

    private static H2SpecCase.Exchange before(byte[] sizeUpdates) {
        return c -> {
            c.headers(1, true, join(sizeUpdates, c.get()));
            c.expect().headers(1);
        };
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
