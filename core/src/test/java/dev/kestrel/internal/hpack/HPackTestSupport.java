package dev.kestrel.internal.hpack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What the tests of this room share. */
final class HPackTestSupport {

    static final HPackLimits LIMITS = new HPackLimits(32768, 1 << 24, 100_000);

    private HPackTestSupport() {}

    /** A field as tests compare it. */
    record Field(String name, String value) {
        @Override
        public String toString() {
            return name + ": " + value;
        }
    }

    static Field field(String name, String value) {
        return new Field(name, value);
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    static HPackDecoder decoder() {
        return new HPackDecoder(4096, LIMITS);
    }

    /** Decodes a whole block. */
    static List<Field> decode(HPackDecoder decoder, byte[] block) throws HPackException {
        List<Field> fields = new ArrayList<>();
        decoder.decode(
                block,
                0,
                block.length,
                true,
                (name, value) -> fields.add(new Field(name.text(), value)));
        return fields;
    }

    static List<Field> decode(HPackDecoder decoder, String hex) throws HPackException {
        return decode(decoder, hex(hex));
    }

    /** Decodes a block in pieces of the same length. */
    static List<Field> decodeInPieces(HPackDecoder decoder, byte[] block, int piece)
            throws HPackException {
        List<Field> fields = new ArrayList<>();
        HPackSink sink = (name, value) -> fields.add(new Field(name.text(), value));
        int at = 0;
        do {
            int to = Math.min(block.length, at + piece);
            // An array of its own: what is kept of a piece must be a copy.
            byte[] part = Arrays.copyOfRange(block, at, to);
            decoder.decode(part, 0, part.length, to == block.length, sink);
            Arrays.fill(part, (byte) 0xee);
            at = to;
        } while (at < block.length);
        return fields;
    }

    /** Beside it is what some tests read. */
    static Path checkout() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.isRegularFile(directory.resolve("mvnw"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("The tests do not run inside a checkout");
        }
        return directory;
    }
}
