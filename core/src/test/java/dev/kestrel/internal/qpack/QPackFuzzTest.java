package dev.kestrel.internal.qpack;

import static dev.kestrel.internal.qpack.QPackTestSupport.hex;
import static dev.kestrel.internal.qpack.QPackTestSupport.inserts;
import static dev.kestrel.internal.qpack.QPackTestSupport.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.hpack.HPackSink;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Good conversations with random changes: blocks lost, sent twice, in another order; bits turned,
 * bytes cut out. Nothing but a refusal is thrown, the table never holds more than its capacity, and
 * it makes no difference in which pieces the octets come.
 *
 * <p>What was found is kept in {@code qpack-fuzz-corpus.txt}.
 */
class QPackFuzzTest {

    private static final int CAPACITY = 220;
    private static final HPackLimits LIMITS = new HPackLimits(500, 2000, 50);

    /** A block of the encoder stream, of the decoder stream, or a section. */
    private record Block(char kind, byte[] octets) {
        @Override
        public String toString() {
            return kind + HexFormat.of().formatHex(octets);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void changedConversations(long seed) {
        for (int i = 0; i < 5000; i++) {
            Random random = new Random(seed << 32 | i);
            List<Block> blocks = changed(random);
            try {
                assertSaid(blocks, 1 + random.nextInt(9));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("Seed " + seed + ", case " + i + ": " + blocks, e);
            }
        }
    }

    @Test
    void whatWasFound() throws IOException {
        try (BufferedReader corpus =
                new BufferedReader(
                        new InputStreamReader(
                                QPackFuzzTest.class.getResourceAsStream("/qpack-fuzz-corpus.txt"),
                                StandardCharsets.US_ASCII))) {
            for (String line = corpus.readLine(); line != null; line = corpus.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    List<Block> blocks = new ArrayList<>();
                    for (String block : line.split(" ", -1)) {
                        blocks.add(new Block(block.charAt(0), hex(block.substring(1))));
                    }
                    assertSaid(blocks, 1);
                }
            }
        }
    }

    private static void assertSaid(List<Block> blocks, int piece) {
        String whole = say(blocks, Integer.MAX_VALUE / 2);
        assertThat(say(blocks, piece)).as("in pieces of " + piece).isEqualTo(whole);
    }

    /** Says it all, up to the first error of the connection; returns what came of it. */
    private static String say(List<Block> blocks, int piece) {
        StringBuilder said = new StringBuilder();
        QPackDecoder decoder = new QPackDecoder(CAPACITY, 2);
        QPackEncoder encoder = new QPackEncoder(CAPACITY, HPackIndexingPolicy.DEFAULT);
        encoder.setPeerSettings(CAPACITY, 2);
        QPackHeaderWriter writer = new QPackHeaderWriter(encoder, FieldOctets.LATIN_1);
        response(writer, 4, "x-a", "1");
        response(writer, 4, "x-a", "1");
        HPackSink sink = (name, value) -> said.append(name).append('=').append(value).append(' ');
        long stream = 0;
        for (Block block : blocks) {
            byte[] octets = block.octets();
            try {
                switch (block.kind()) {
                    case 'e' -> {
                        for (int at = 0; at < octets.length; at += piece) {
                            int to = Math.min(octets.length, at + piece);
                            decoder.onEncoderStream(Arrays.copyOf(octets, to), at, to);
                        }
                    }
                    case 'd' -> {
                        for (int at = 0; at < octets.length; at += piece) {
                            int to = Math.min(octets.length, at + piece);
                            encoder.onDecoderStream(Arrays.copyOf(octets, to), at, to);
                        }
                    }
                    default -> {
                        stream += 4;
                        decode(decoder, stream, octets, piece, sink);
                    }
                }
            } catch (QPackException e) {
                said.append(e.reason()).append(' ');
                if (!e.isStreamError()) {
                    break;
                }
            }
            assertThat(decoder.table().size()).isLessThanOrEqualTo(decoder.table().maxSize());
            assertThat(decoder.table().maxSize()).isLessThanOrEqualTo(CAPACITY);
            assertThat(decoder.blockedStreams()).isLessThanOrEqualTo(2);
        }
        return said.append(decoder.insertCount())
                .append(' ')
                .append(QPackTestSupport.replies(decoder))
                .toString();
    }

    private static void decode(
            QPackDecoder decoder, long stream, byte[] octets, int piece, HPackSink sink)
            throws QPackException {
        QPackFieldSection section = new QPackFieldSection(decoder, LIMITS);
        section.begin(stream);
        int at = 0;
        while (!section.isPrefixComplete()) {
            int to = Math.min(octets.length, at + piece);
            at = section.readPrefix(octets, at, to, to == octets.length);
        }
        if (section.isBlocked()) {
            return;
        }
        do {
            int to = Math.min(octets.length, at + piece);
            section.decode(octets, at, to, to == octets.length, sink);
            at = to;
        } while (at < octets.length);
    }

    private static List<Block> good(Random random) {
        QPackEncoder encoder = new QPackEncoder(CAPACITY, HPackIndexingPolicy.DEFAULT);
        encoder.setPeerSettings(CAPACITY, 2);
        QPackHeaderWriter writer = new QPackHeaderWriter(encoder, FieldOctets.LATIN_1);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            byte[] section =
                    response(
                            writer,
                            i * 4,
                            "x-a",
                            "value " + random.nextInt(2),
                            "date",
                            "d" + random.nextInt(3),
                            "set-cookie",
                            "secret",
                            "vary",
                            "origin");
            blocks.add(new Block('e', inserts(encoder)));
            blocks.add(new Block('s', section));
        }
        blocks.add(new Block('e', hex("00")));
        blocks.add(new Block('s', hex("03811011")));
        blocks.add(new Block('s', hex("038100000131")));
        blocks.add(new Block('d', hex("84")));
        blocks.add(new Block('d', hex("01")));
        return blocks;
    }

    private static List<Block> changed(Random random) {
        List<Block> blocks = new ArrayList<>(good(random));
        for (int changes = random.nextInt(5); changes > 0; changes--) {
            int at = random.nextInt(blocks.size());
            Block one = blocks.get(at);
            byte[] octets = one.octets().clone();
            switch (random.nextInt(6)) {
                case 0 -> blocks.add(random.nextInt(blocks.size() + 1), one);
                case 1 -> blocks.add(random.nextInt(blocks.size()), blocks.remove(at));
                case 2 -> {
                    if (octets.length > 0) {
                        int in = random.nextInt(octets.length);
                        octets[in] ^= (byte) (1 << random.nextInt(8));
                        blocks.set(at, new Block(one.kind(), octets));
                    }
                }
                case 3 -> {
                    if (octets.length > 0) {
                        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
                        blocks.set(at, new Block(one.kind(), octets));
                    }
                }
                case 4 ->
                        blocks.set(
                                at,
                                new Block(
                                        one.kind(),
                                        Arrays.copyOf(octets, random.nextInt(octets.length + 4))));
                default -> blocks.set(at, new Block("esd".charAt(random.nextInt(3)), octets));
            }
        }
        return blocks;
    }
}
