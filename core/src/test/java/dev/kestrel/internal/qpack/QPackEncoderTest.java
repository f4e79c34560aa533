package dev.kestrel.internal.qpack;

import static dev.kestrel.internal.qpack.QPackTestSupport.decode;
import static dev.kestrel.internal.qpack.QPackTestSupport.field;
import static dev.kestrel.internal.qpack.QPackTestSupport.headers;
import static dev.kestrel.internal.qpack.QPackTestSupport.hex;
import static dev.kestrel.internal.qpack.QPackTestSupport.inserts;
import static dev.kestrel.internal.qpack.QPackTestSupport.response;
import static dev.kestrel.internal.qpack.QPackTestSupport.written;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.hpack.HPackWriteResult;

import org.junit.jupiter.api.Test;

import java.util.Set;

/** When the encoder uses its table, and when it must not. */
class QPackEncoderTest {

    private static final String[] MINE = {"x-mine", "1"};
    private static final int REFERENCE = 0x80;

    private final QPackEncoder encoder = new QPackEncoder(4096, HPackIndexingPolicy.DEFAULT);
    private final QPackHeaderWriter writer = new QPackHeaderWriter(encoder, FieldOctets.LATIN_1);

    /** Section 3.2.3: "the maximum table capacity is 0 until the encoder processes a SETTINGS". */
    @Test
    void beforeSettingsThereAreNoInstructions() {
        for (int stream = 0; stream < 12; stream += 4) {
            assertThat(response(writer, stream, MINE)).startsWith(0, 0, 0xd9);
        }
        assertThat(encoder.hasInstructions()).isFalse();
        encoder.setPeerSettings(0, 100);
        response(writer, 12, MINE);
        response(writer, 16, MINE);
        assertThat(encoder.hasInstructions()).isFalse();
    }

    @Test
    void fieldsOfTheStaticTableAreAnOctetEach() {
        byte[] section = response(writer, 0, "content-type", "text/plain", "vary", "origin");
        assertThat(section).isEqualTo(hex("0000 d9 f5 fc"));
        assertThat(written(writer, writer.beginTrailers(0, headers("vary", "origin"))))
                .isEqualTo(hex("0000 fc"));
    }

    /** Section 7.1.3: the bit N, and no entry of a table. */
    @Test
    void secretsAreNeverIndexed() {
        encoder.setPeerSettings(4096, 100);
        for (int stream = 0; stream < 12; stream += 4) {
            byte[] section = response(writer, stream, "set-cookie", "a=1");
            assertThat(section).startsWith(0, 0, 0xd9, 0x7e);
        }
        QPackEncoder own =
                new QPackEncoder(
                        4096, HPackIndexingPolicy.DEFAULT.withNeverIndexed(Set.of("X-Mine")));
        own.setPeerSettings(4096, 100);
        QPackHeaderWriter of = new QPackHeaderWriter(own, FieldOctets.LATIN_1);
        response(of, 0, MINE);
        assertThat(response(of, 4, MINE)[3] & 0xf0).isEqualTo(0x30);
        assertThat(own.hasInstructions()).isFalse();
    }

    /** "A field is inserted when it is sent for the second time". */
    @Test
    void whatRepeatsIsInsertedAndReferredTo() throws QPackException {
        encoder.setPeerSettings(220, 100);
        response(writer, 0, MINE);
        assertThat(encoder.hasInstructions()).isFalse();
        byte[] section = response(writer, 4, MINE);
        assertThat(section).isEqualTo(hex("0200 d9 80"));
        byte[] instructions = inserts(encoder);
        assertThat(instructions).startsWith(0x3f, 0xbd, 0x01);
        QPackDecoder decoder = new QPackDecoder(220, 100);
        decoder.onEncoderStream(instructions, 0, instructions.length);
        assertThat(decode(new QPackFieldSection(decoder, QPackTestSupport.LIMITS), 4, section))
                .containsExactly(field(":status", "200"), field("x-mine", "1"));
    }

    /** Section 2.1.2: "An encoder MUST limit the number of streams that could become blocked". */
    @Test
    void onlySoManyStreamsRiskToBeBlocked() throws QPackException {
        encoder.setPeerSettings(4096, 1);
        response(writer, 0, MINE);
        assertThat(isReference(response(writer, 4, MINE))).isTrue();
        assertThat(isReference(response(writer, 8, MINE))).as("one more").isFalse();
        reply("84");
        assertThat(isReference(response(writer, 12, MINE))).as("acknowledged").isTrue();
        assertThat(isReference(response(writer, 16, MINE))).as("acknowledged").isTrue();
    }

    /** With no blocked streams, what is not acknowledged can not be referred to. */
    @Test
    void withoutBlockedStreamsEntriesAreUsedOnceTheyAreThere() throws QPackException {
        encoder.setPeerSettings(4096, 0);
        response(writer, 0, MINE);
        assertThat(isReference(response(writer, 4, MINE))).isFalse();
        assertThat(inserts(encoder)).isNotEmpty();
        assertThat(isReference(response(writer, 8, MINE))).isFalse();
        assertThat(encoder.hasInstructions()).as("it is inserted once").isFalse();
        reply("01");
        assertThat(isReference(response(writer, 12, MINE))).isTrue();
    }

    /** Section 2.1.1: "A dynamic table entry cannot be evicted" while it is referred to. */
    @Test
    void entriesThatAreReferredToStay() throws QPackException {
        // Two entries of 48 octets fit, a third does not.
        encoder.setPeerSettings(110, 100);
        repeat(0, "aaaaaaaa", "11111111");
        repeat(8, "bbbbbbbb", "22222222");
        assertThat(inserts(encoder)).isNotEmpty();
        repeat(16, "cccccccc", "33333333");
        assertThat(encoder.hasInstructions()).as("there is no room").isFalse();
        reply("02");
        repeat(24, "cccccccc", "33333333");
        assertThat(encoder.hasInstructions()).as("received, but referred to").isFalse();
        // Section 4.4.2: "all references to the dynamic table on that stream are no longer
        // outstanding".
        reply("44");
        repeat(32, "cccccccc", "33333333");
        assertThat(encoder.hasInstructions()).as("the oldest can go").isTrue();
    }

    /** Section 2.1.1.1: "emit a Duplicate instruction and reference the duplicate instead". */
    @Test
    void entriesThatWillBeEvictedSoonAreDuplicated() throws QPackException {
        encoder.setPeerSettings(4096, 100);
        int stream = 0;
        QPackDecoder decoder = new QPackDecoder(4096, 100);
        boolean duplicated = false;
        for (int i = 0; i < 300; i++) {
            String[] fields = {"x-old", "1", "x-new", "value-" + i / 2};
            response(writer, stream, fields);
            stream += 4;
            byte[] instructions = inserts(encoder);
            duplicated |= instructions.length > 0 && (instructions[0] & 0xe0) == 0;
            decoder.onEncoderStream(instructions, 0, instructions.length);
            byte[] replies = new byte[100];
            int to = decoder.writeInstructions(replies, 0, 100);
            encoder.onDecoderStream(replies, 0, to);
            acknowledge(stream - 4);
        }
        assertThat(duplicated).isTrue();
        assertThat(decoder.insertCount()).isGreaterThan(145);
    }

    /** Section 7.3: "An implementation can directly limit the amount of state memory". */
    @Test
    void aPeerThatNeverAcknowledgesGetsSectionsWithoutTheTable() {
        encoder.setPeerSettings(4096, 1 << 20);
        int references = 0;
        for (int stream = 0; stream < 4000; stream += 4) {
            if (isReference(response(writer, stream, MINE))) {
                references++;
            }
        }
        assertThat(references).isEqualTo(QPackReferences.MOST);
    }

    /** "Then nothing was begun, and the stream can be answered otherwise." */
    @Test
    void aValueThatCanNotBeSentIsRefusedBeforeAnythingIsWritten() {
        encoder.setPeerSettings(4096, 100);
        response(writer, 0, MINE);
        FieldOctets splitting = (name, value) -> "a\r\nb";
        QPackHeaderWriter of = new QPackHeaderWriter(encoder, splitting);
        assertThatThrownBy(() -> of.beginResponse(4, 200, headers("x-mine", "1", "x-a", "\u00e9")))
                .isInstanceOf(IllegalArgumentException.class);
        byte[] otherwise = written(of, of.beginResponse(4, 500, headers()));
        assertThat(otherwise).isEqualTo(hex("0000 ff08"));
    }

    @Test
    void aFieldIsNeverCut() {
        int length = writer.beginResponse(0, 200, headers("x-mine", "1", "vary", "origin"));
        byte[] array = new byte[length];
        assertThat(writer.write(array, 0, 1)).isEqualTo(HPackWriteResult.BUFFER_TOO_SMALL);
        assertThat(writer.end()).isZero();
        assertThat(writer.write(array, 0, 4)).isEqualTo(HPackWriteResult.MORE);
        assertThat(writer.end()).isEqualTo(3);
        assertThat(writer.write(array, 3, 5)).isEqualTo(HPackWriteResult.BUFFER_TOO_SMALL);
        assertThat(writer.write(array, 3, length)).isEqualTo(HPackWriteResult.DONE);
        assertThat(writer.end()).isEqualTo(length);
    }

    private void repeat(int stream, String name, String value) {
        response(writer, stream, name, value);
        response(writer, stream + 4, name, value);
    }

    private void reply(String octets) throws QPackException {
        encoder.onDecoderStream(hex(octets), 0, hex(octets).length);
    }

    private void acknowledge(long stream) throws QPackException {
        byte[] array = new byte[10];
        int to = QPackInteger.write(stream, 7, 0x80, array, 0);
        try {
            encoder.onDecoderStream(array, 0, to);
        } catch (QPackException e) {
            // The section did without the table.
            assertThat(e.reason()).isEqualTo(QPackException.Reason.INVALID_ACKNOWLEDGMENT);
        }
    }

    private static boolean isReference(byte[] section) {
        return section[0] != 0 && (section[3] & 0xc0) == REFERENCE;
    }
}
