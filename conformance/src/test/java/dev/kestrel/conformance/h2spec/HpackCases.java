package dev.kestrel.conformance.h2spec;

import static dev.kestrel.testkit.Http2Error.COMPRESSION_ERROR;
import static dev.kestrel.testkit.Http2Frames.HEADER_TABLE_SIZE;
import static dev.kestrel.testkit.Http2Frames.join;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** RFC 7541: what no decoder accepts. */
final class HpackCases {

    static final H2SpecSection[] SECTIONS = {
        new H2SpecSection("hpack/2.3.3")
                .add(
                        "Sends a indexed header field representation with invalid index",
                        decodingError("fe"))
                .add(
                        "Sends a literal header field representation with invalid index",
                        decodingError("7e0474657374")),
        new H2SpecSection("hpack/4.2")
                .add(
                        "Sends a dynamic table size update at the end of header block",
                        decodingError("21")),
        new H2SpecSection("hpack/5.2")
                .add(
                        "Sends a Huffman-encoded string literal representation with padding longer"
                                + " than 7 bits",
                        decodingError("0085f2b24a84ff8449509fff"))
                .add(
                        "Sends a Huffman-encoded string literal representation padded by zero",
                        decodingError("0085f2b24a84ff83495090"))
                .add(
                        "Sends a Huffman-encoded string literal representation containing the EOS"
                                + " symbol",
                        decodingError("0085f2b24a84ff87fffffffd25427f")),
        new H2SpecSection("hpack/6.1")
                .add(
                        "Sends a indexed header field representation with index 0",
                        decodingError("80")),
        new H2SpecSection("hpack/6.3")
                .add(
                        "Sends a dynamic table size update larger than the value of"
                                + " SETTINGS_HEADER_TABLE_SIZE",
                        c -> {
                            int size = c.setting(HEADER_TABLE_SIZE, 4096) + 1;
                            c.headers(1, true, join(sizeUpdate(size), c.get()));
                            c.expect().connectionError(COMPRESSION_ERROR);
                        })
    };

    private HpackCases() {}

    private static H2SpecCase.Exchange decodingError(String lastField) {
        return c -> {
            c.headers(1, true, join(c.get(), HexFormat.of().parseHex(lastField)));
            c.expect().connectionError(COMPRESSION_ERROR);
        };
    }

    /** RFC 7541 section 6.3, for a size that does not fit into five bits. */
    private static byte[] sizeUpdate(int size) {
        ByteArrayOutputStream update = new ByteArrayOutputStream();
        update.write(0x3F);
        int rest = size - 31;
        for (; rest >= 128; rest >>>= 7) {
            update.write(rest & 0x7F | 0x80);
        }
        update.write(rest);
        return update.toByteArray();
    }
}
