package dev.kestrel.internal.hpack;

import static dev.kestrel.internal.hpack.HPackTestSupport.LIMITS;
import static dev.kestrel.internal.hpack.HPackTestSupport.decode;
import static dev.kestrel.internal.hpack.HPackTestSupport.decodeInPieces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.hpack.HPackTestSupport.Field;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Encoder and decoder of one connection, whose tables must stay in step whatever happens. */
class HPackRoundTripTest {

    private static final int[] TABLE_SIZES = {0, 32, 33, 100, 256, 1000, 4096, 65536};

    private static final String[] NAMES = {
        ":status",
        ":path",
        "date",
        "server",
        "content-type",
        "set-cookie",
        "cookie",
        "x-a",
        "x-b",
        "accept-charset",
        "content-length",
        "vary",
        "x-a-rather-long-name-that-takes-up-some-room"
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomBlocksAndTableSizesStayInStep(long seed) throws HPackException {
        Random random = new Random(seed);
        HPackDecoder decoder = new HPackDecoder(4096, LIMITS);
        HPackEncoder encoder =
                new HPackEncoder(seed % 2 == 0 ? 4096 : 65536, HPackIndexingPolicy.DEFAULT);
        byte[] array = new byte[1 << 16];
        for (int block = 0; block < 1500; block++) {
            for (int i = random.nextInt(12) - 8; i > 0; i--) {
                int size = TABLE_SIZES[random.nextInt(TABLE_SIZES.length)];
                decoder.setMaxTableSize(size);
                encoder.setMaxTableSize(size);
            }
            List<Field> fields = randomFields(random);
            int at = encoder.beginBlock(array, 0, array.length);
            encoder.commitSizeUpdates();
            for (Field field : fields) {
                int tooFar = at + random.nextInt(3);
                int tried = encode(encoder, field, array, at, tooFar);
                at = tried >= 0 ? tried : encode(encoder, field, array, at, array.length);
            }
            byte[] written = Arrays.copyOf(array, at);
            List<Field> read =
                    random.nextBoolean()
                            ? decode(decoder, written)
                            : decodeInPieces(decoder, written, 1 + random.nextInt(20));
            assertThat(read).as("block " + block).isEqualTo(fields);
        }
    }

    @Test
    void aBlockMayBeCutAtEveryOctet() throws HPackException {
        Random random = new Random(7);
        HPackEncoder encoder = new HPackEncoder(4096, HPackIndexingPolicy.DEFAULT);
        List<Field> fields = randomFields(random);
        fields.add(new Field("x-long", "v".repeat(300)));
        byte[] array = new byte[1 << 16];
        int at = 0;
        for (Field field : fields) {
            at = encode(encoder, field, array, at, array.length);
        }
        for (int cut = 0; cut <= at; cut++) {
            HPackDecoder decoder = new HPackDecoder(4096, LIMITS);
            List<Field> read = new ArrayList<>();
            HPackSink sink = (name, value) -> read.add(new Field(name.text(), value));
            decoder.decode(Arrays.copyOf(array, cut), 0, cut, false, sink);
            decoder.decode(array, cut, at, true, sink);
            assertThat(read).as("cut at " + cut).isEqualTo(fields);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void whateverComesNothingButARefusalIsThrown(long seed) {
        Random random = new Random(seed);
        HPackEncoder encoder = new HPackEncoder(4096, HPackIndexingPolicy.DEFAULT);
        HPackDecoder decoder = new HPackDecoder(4096, LIMITS);
        byte[] array = new byte[1 << 16];
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            int at = encoder.beginBlock(array, 0, array.length);
            encoder.commitSizeUpdates();
            for (Field field : randomFields(random)) {
                at = encode(encoder, field, array, at, array.length);
            }
            byte[] block = Arrays.copyOf(array, at);
            for (int flips = random.nextInt(4); flips > 0 && at > 0; flips--) {
                block[random.nextInt(at)] = (byte) random.nextInt();
            }
            try {
                if (random.nextBoolean()) {
                    decode(decoder, block);
                } else {
                    decodeInPieces(decoder, block, 1 + random.nextInt(9));
                }
            } catch (HPackException expected) {
                refused++;
                decoder = new HPackDecoder(4096, LIMITS);
                encoder = new HPackEncoder(4096, HPackIndexingPolicy.DEFAULT);
            }
        }
        assertThat(refused).isPositive();
    }

    private static int encode(HPackEncoder encoder, Field field, byte[] array, int at, int to) {
        return encoder.encode(HPackName.of(field.name()), field.value(), array, at, to);
    }

    private static List<Field> randomFields(Random random) {
        List<Field> fields = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            String name = NAMES[random.nextInt(NAMES.length)];
            fields.add(new Field(name, randomValue(random)));
        }
        return fields;
    }

    /** Often one of a few, so that entries are found again; sometimes any octets. */
    private static String randomValue(Random random) {
        int kind = random.nextInt(10);
        if (kind < 7) {
            return "value-" + random.nextInt(30);
        }
        if (kind == 7) {
            return "200";
        }
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(kind == 8 ? 20 : 400); i > 0; i--) {
            value.append((char) random.nextInt(256));
        }
        return value.toString();
    }
}
