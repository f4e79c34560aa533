package dev.kestrel.internal.qpack;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.hpack.HPackWriteResult;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What the tests of this room share. */
final class QPackTestSupport {

    static final HPackLimits LIMITS = new HPackLimits(32768, 1 << 24, 100_000);

    private QPackTestSupport() {}

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

    static void insert(QPackDecoder decoder, String hex) throws QPackException {
        byte[] octets = hex(hex);
        decoder.onEncoderStream(octets, 0, octets.length);
    }

    static List<Field> decode(QPackDecoder decoder, long streamId, String hex)
            throws QPackException {
        return decode(new QPackFieldSection(decoder, LIMITS), streamId, hex(hex));
    }

    /** Decodes a whole section that is not blocked. */
    static List<Field> decode(QPackFieldSection section, long streamId, byte[] octets)
            throws QPackException {
        section.begin(streamId);
        int at = section.readPrefix(octets, 0, octets.length, true);
        return decodeRest(section, octets, at, octets.length);
    }

    /** Decodes what is behind the prefix in pieces of the same length. */
    static List<Field> decodeRest(QPackFieldSection section, byte[] octets, int from, int piece)
            throws QPackException {
        List<Field> fields = new ArrayList<>();
        int at = from;
        do {
            int to = Math.min(octets.length, at + Math.max(1, piece));
            // An array of its own: what is kept of a piece must be a copy.
            byte[] part = Arrays.copyOfRange(octets, at, to);
            section.decode(
                    part,
                    0,
                    part.length,
                    to == octets.length,
                    (name, value) -> fields.add(new Field(name.text(), value)));
            Arrays.fill(part, (byte) 0xee);
            at = to;
        } while (at < octets.length);
        return fields;
    }

    /** What our decoder stream has to say. */
    static String replies(QPackDecoder decoder) {
        byte[] array = new byte[65536];
        return HexFormat.of()
                .formatHex(array, 0, decoder.writeInstructions(array, 0, array.length));
    }

    /** What our encoder stream has to say. */
    static byte[] inserts(QPackEncoder encoder) {
        byte[] array = new byte[65536];
        return Arrays.copyOf(array, encoder.writeInstructions(array, 0, array.length));
    }

    static HttpHeaders headers(String... namesAndValues) {
        HttpHeaders headers = new HttpHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    static byte[] response(QPackHeaderWriter writer, long streamId, String... namesAndValues) {
        return written(writer, writer.beginResponse(streamId, 200, headers(namesAndValues)));
    }

    static byte[] written(QPackHeaderWriter writer, int length) {
        byte[] array = new byte[length];
        HPackWriteResult result = writer.write(array, 0, length);
        if (result != HPackWriteResult.DONE || writer.end() != length) {
            throw new AssertionError(result + " after " + writer.end() + " of " + length);
        }
        return array;
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
