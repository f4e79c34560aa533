package dev.kestrel.internal.qpack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.FieldOctets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

/** Encoder and decoder of one connection stay in step, whatever arrives first. */
class QPackRoundTripTest {

    private static final int[] CAPACITIES = {0, 31, 32, 100, 256, 500, 1000, 4096, 65536};
    private static final int[] BLOCKED = {0, 1, 2, 100};

    private static final String[] NAMES = {
        "Date",
        "server",
        "content-type",
        "set-cookie",
        "X-A",
        "x-b",
        "access-control-allow-headers",
        "etag",
        "vary",
        "x-a-rather-long-name-that-takes-up-some-room"
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomSectionsInAnyOrderStayInStep(long seed) throws QPackException {
        Random random = new Random(seed);
        int blocked = 0;
        long inserts = 0;
        for (int round = 0; round < 60; round++) {
            // Every other conversation has room for entries and may block; the others have what
            // comes.
            boolean roomy = round % 2 == 0;
            int cap = roomy ? 1000 : CAPACITIES[random.nextInt(CAPACITIES.length)];
            int capacity = roomy ? 4096 : CAPACITIES[random.nextInt(CAPACITIES.length)];
            int streams = roomy ? 100 : BLOCKED[random.nextInt(BLOCKED.length)];
            QPackConversation talk = new QPackConversation(random, cap, capacity, streams);
            int patience = 1 + random.nextInt(12);
            for (int i = 0; i < 300; i++) {
                talk.send(randomFields(random));
                for (int times = random.nextInt(patience); times > 0; times--) {
                    talk.deliver();
                }
            }
            talk.deliverAll();
            assertThat(talk.decoder.blockedStreams()).isZero();
            assertThat(talk.decoder.hasInstructions()).isFalse();
            blocked += talk.blockedOnce;
            inserts += talk.decoder.insertCount();
            if (Math.min(cap, capacity) < 64) {
                assertThat(talk.decoder.insertCount()).isZero();
            }
        }
        assertThat(blocked).as("sections that were blocked").isGreaterThan(100);
        assertThat(inserts).as("entries that were inserted").isGreaterThan(1000);
    }

    @Test
    void everythingThatRepeatsIsSentInAFewOctets() throws QPackException {
        QPackConversation talk = new QPackConversation(new Random(5), 4096, 4096, 100);
        HttpHeaders headers =
                QPackTestSupport.headers(
                        "date", "Sun, 06 Nov 1994 08:49:37 GMT", "server", "Kestrel", "x-a", "1");
        for (int i = 0; i < 5; i++) {
            talk.send(headers);
            talk.deliverAll();
        }
        // Perhaps the status as well.
        assertThat(talk.decoder.insertCount()).isBetween(3L, 4L);
        QPackHeaderWriter writer = new QPackHeaderWriter(talk.encoder, FieldOctets.LATIN_1);
        assertThat(writer.beginResponse(1000, 200, headers)).isEqualTo(6);
    }

    private static HttpHeaders randomFields(Random random) {
        HttpHeaders fields = new HttpHeaders();
        for (int i = random.nextInt(10); i > 0; i--) {
            fields.add(NAMES[random.nextInt(NAMES.length)], randomValue(random));
        }
        return fields;
    }

    /** Often one of a few, so that entries are found again; sometimes anything. */
    private static String randomValue(Random random) {
        int kind = random.nextInt(10);
        if (kind < 7) {
            return "value-" + random.nextInt(12);
        }
        if (kind == 7) {
            return "text/plain";
        }
        StringBuilder value = new StringBuilder("v");
        for (int i = random.nextInt(kind == 8 ? 20 : 400); i > 0; i--) {
            value.append((char) ('!' + random.nextInt(90)));
        }
        return value.toString();
    }
}
