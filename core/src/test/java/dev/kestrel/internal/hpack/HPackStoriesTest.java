package dev.kestrel.internal.hpack;

import static dev.kestrel.internal.hpack.HPackTestSupport.decodeInPieces;
import static dev.kestrel.internal.hpack.HPackTestSupport.decoder;
import static dev.kestrel.internal.hpack.HPackTestSupport.hex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.hpack.HPackTestSupport.Field;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What other encoders wrote: the stories of http2jp/hpack-test-case, from beside the checkout. */
class HPackStoriesTest {

    private static final Pattern CASE =
            Pattern.compile(
                    "\\{(?:\"seqno\":\\d+,)?(?:\"header_table_size\":(\\d+),)?\"wire\":\"([0-9a-f]*)\","
                            + "(?:\"seqno\":\\d+,)?\"headers\":\\[(.*?)]"
                            + "(?:,\"header_table_size\":null)?}(?=[,\\]])");

    private static final Pattern FIELD =
            Pattern.compile("\\{\"((?:[^\"\\\\]|\\\\.)*)\":\"((?:[^\"\\\\]|\\\\.)*)\"}");

    @Test
    void everyStoryMeansWhatItsEncoderWasGiven() throws IOException, HPackException {
        Path stories = HPackTestSupport.checkout().resolveSibling("shared").resolve("hpack");
        Assumptions.assumeTrue(
                Files.isDirectory(stories),
                "Skipped: there is no hpack in a directory 'shared' beside the checkout");
        List<Path> files;
        try (Stream<Path> found = Files.walk(stories)) {
            files = found.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            play(file, Integer.MAX_VALUE);
            play(file, 7);
        }
    }

    private static void play(Path file, int piece) throws IOException, HPackException {
        String story = Files.readString(file);
        HPackDecoder decoder = decoder();
        int cases = 0;
        Matcher each = CASE.matcher(story);
        while (each.find()) {
            String tableSize = each.group(1);
            if (tableSize != null) {
                decoder.setMaxTableSize(Integer.parseInt(tableSize));
            }
            byte[] block = hex(each.group(2));
            assertThat(decodeInPieces(decoder, block, Math.min(piece, block.length)))
                    .as(file + ", case " + cases)
                    .isEqualTo(fields(each.group(3)));
            cases++;
        }
        assertThat(cases).as("cases of " + file).isEqualTo(story.split("\"wire\":", -1).length - 1);
    }

    private static List<Field> fields(String json) {
        List<Field> fields = new ArrayList<>();
        Matcher each = FIELD.matcher(json);
        while (each.find()) {
            fields.add(new Field(text(each.group(1)), text(each.group(2))));
        }
        return fields;
    }

    private static String text(String json) {
        assertThat(json).as("escapes that occur in the stories").doesNotContain("\\u");
        return json.replaceAll("\\\\(.)", "$1");
    }
}
