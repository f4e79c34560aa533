package dev.kestrel.internal.qpack;

import static dev.kestrel.internal.qpack.QPackTestSupport.LIMITS;
import static dev.kestrel.internal.qpack.QPackTestSupport.decodeRest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.internal.qpack.QPackTestSupport.Field;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What other encoders wrote: the files of qpackers/qifs, from beside the checkout. A name ends in
 * the capacity of the table, the number of streams that may block, and how it was acknowledged.
 */
class QPackFilesTest {

    /**
     * References to the static entries 0 and 62, which the drafts before the one of the files did
     * not have.
     */
    private static final Set<String> NO_LONGER = Set.of("err9", "err10");

    @Test
    void everyFileMeansWhatItsEncoderWasGiven() throws IOException, QPackException {
        Map<String, List<List<Field>>> texts = new HashMap<>();
        for (Path text : files("qifs")) {
            texts.put(text.getFileName().toString().replace(".qif", ""), sections(text));
        }
        List<Path> encoded = files("encoded");
        assertThat(encoded).isNotEmpty();
        for (Path file : encoded) {
            String[] parts = file.getFileName().toString().split("\\.");
            List<List<Field>> expected = texts.get(parts[0]);
            int capacity = Integer.parseInt(parts[2]);
            int blocked = Integer.parseInt(parts[3]);
            for (int piece : new int[] {1, 17, Integer.MAX_VALUE / 2}) {
                Played played = play(file, decoder(capacity, blocked), piece);
                assertThat(played.fields().values())
                        .as(file + " in pieces of " + piece)
                        .containsExactlyElementsOf(expected);
                assertThat(played.decoder().blockedStreams()).isZero();
            }
        }
    }

    @Test
    void everyErrorIsFound() throws IOException {
        List<Path> errors = files("errors");
        assertThat(errors).isNotEmpty();
        for (Path file : errors) {
            if (NO_LONGER.contains(file.getFileName().toString())) {
                continue;
            }
            assertThatThrownBy(() -> play(file, decoder(4096, 100), 1))
                    .as(file.toString())
                    .isInstanceOf(QPackException.class);
        }
    }

    /** In the draft of the files the table had its full capacity from the beginning. */
    private static QPackDecoder decoder(int capacity, int blocked) throws QPackException {
        QPackDecoder decoder = new QPackDecoder(capacity, blocked);
        byte[] instruction = new byte[10];
        int length = QPackInteger.write(capacity, 5, 0x20, instruction, 0);
        decoder.onEncoderStream(instruction, 0, length);
        return decoder;
    }

    private record Played(QPackDecoder decoder, Map<Long, List<Field>> fields) {}

    private static Played play(Path file, QPackDecoder decoder, int piece)
            throws IOException, QPackException {
        ByteBuffer blocks = ByteBuffer.wrap(Files.readAllBytes(file));
        Map<Long, List<Field>> fields = new TreeMap<>();
        Map<Long, byte[]> blocked = new HashMap<>();
        while (blocks.hasRemaining()) {
            long stream = blocks.getLong();
            byte[] octets = new byte[blocks.getInt()];
            blocks.get(octets);
            if (stream != 0) {
                QPackFieldSection section = new QPackFieldSection(decoder, LIMITS);
                section.begin(stream);
                int at = section.readPrefix(octets, 0, octets.length, true);
                if (section.isBlocked()) {
                    blocked.put(stream, octets);
                } else {
                    fields.put(stream, decodeRest(section, octets, at, piece));
                }
                continue;
            }
            for (int at = 0; at < octets.length; at += piece) {
                decoder.onEncoderStream(octets, at, Math.min(octets.length, at + piece));
                QPackFieldSection ready = decoder.pollUnblocked();
                while (ready != null) {
                    byte[] waiting = blocked.remove(ready.streamId());
                    QPackFieldSection again = new QPackFieldSection(decoder, LIMITS);
                    again.begin(ready.streamId());
                    int from = again.readPrefix(waiting, 0, waiting.length, true);
                    fields.put(ready.streamId(), decodeRest(again, waiting, from, piece));
                    ready = decoder.pollUnblocked();
                }
            }
            // The acknowledgments go nowhere; they must not pile up.
            decoder.writeInstructions(new byte[65536], 0, 65536);
        }
        assertThat(blocked).as("sections of " + file + " that wait for ever").isEmpty();
        return new Played(decoder, fields);
    }

    private static List<List<Field>> sections(Path file) throws IOException {
        List<List<Field>> sections = new ArrayList<>();
        List<Field> section = new ArrayList<>();
        for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            if (line.startsWith("#")) {
                continue;
            }
            if (!line.isEmpty()) {
                int tab = line.indexOf('\t');
                section.add(new Field(line.substring(0, tab), line.substring(tab + 1)));
            } else if (!section.isEmpty()) {
                sections.add(section);
                section = new ArrayList<>();
            }
        }
        return sections;
    }

    private static List<Path> files(String part) throws IOException {
        Path all = QPackTestSupport.checkout().resolveSibling("shared").resolve("qpack");
        Assumptions.assumeTrue(
                Files.isDirectory(all),
                "Skipped: there is no qpack in a directory 'shared' beside the checkout");
        try (Stream<Path> found = Files.walk(all.resolve(part))) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
