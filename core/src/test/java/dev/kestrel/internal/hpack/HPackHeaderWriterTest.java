package dev.kestrel.internal.hpack;

import static dev.kestrel.internal.hpack.HPackTestSupport.decode;
import static dev.kestrel.internal.hpack.HPackTestSupport.field;
import static dev.kestrel.internal.hpack.HPackWriteResult.BUFFER_TOO_SMALL;
import static dev.kestrel.internal.hpack.HPackWriteResult.DONE;
import static dev.kestrel.internal.hpack.HPackWriteResult.MORE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.HPackTestSupport.Field;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

class HPackHeaderWriterTest {

    private final HPackEncoder encoder = new HPackEncoder(4096, HPackIndexingPolicy.DEFAULT);
    private final HPackHeaderWriter writer = new HPackHeaderWriter(encoder, FieldOctets.LATIN_1);
    private final HPackDecoder decoder =
            new HPackDecoder(4096, new HPackLimits(1 << 21, 1 << 24, 100_000));
    private final HttpHeaders headers = new HttpHeaders();
    private final byte[] array = new byte[1024];

    @Test
    void statusComesFirstAndNamesAreInLowerCase() throws HPackException {
        // RFC 9113 section 8.2: "Field names MUST be converted to lowercase when constructing an
        // HTTP/2 message." Section 8.3: pseudo-header fields come before all others.
        headers.set("Content-Type", "text/plain").set("X-Mine", "1").contentLength(13);
        assertThat(writer.beginResponse(201, headers, array, 3, 1024)).isEqualTo(DONE);
        assertThat(decode(decoder, Arrays.copyOfRange(array, 3, writer.end())))
                .containsExactly(
                        field(":status", "201"),
                        field("content-type", "text/plain"),
                        field("x-mine", "1"),
                        field("content-length", "13"));
    }

    @Test
    void fieldsThatDoNotFitGoIntoTheNextArray() throws HPackException {
        for (int i = 0; i < 10_000; i++) {
            headers.add("X-Field-" + i % 50, "value " + i);
        }
        List<Field> expected = new ArrayList<>(List.of(field(":status", "200")));
        headers.forEach((name, value) -> expected.add(field(name.toLowerCase(Locale.ROOT), value)));
        assertThat(decode(decoder, written(200))).isEqualTo(expected);
        headers.set("X-Again", "2");
        expected.add(field("x-again", "2"));
        assertThat(decode(decoder, written(200))).isEqualTo(expected);
    }

    @Test
    void aFieldLongerThanTheArrayWaitsForALongerOne() throws HPackException {
        String mebibyte = "x".repeat(1 << 20);
        headers.add("A", "1").add("Large", mebibyte).add("B", "2");
        HPackHeaderWriter other =
                new HPackHeaderWriter(
                        new HPackEncoder(4096, HPackIndexingPolicy.DEFAULT), FieldOctets.LATIN_1);
        assertThat(other.beginResponse(200, headers, array, 0, 1024)).isEqualTo(MORE);
        assertThat(other.writeMore(new byte[2048], 0, 2048)).isEqualTo(BUFFER_TOO_SMALL);
        assertThat(decode(decoder, written(200)))
                .containsExactly(
                        field(":status", "200"),
                        field("a", "1"),
                        field("large", mebibyte),
                        field("b", "2"));
    }

    @Test
    void aPendingSizeUpdateSurvivesAnOversizedFirstTrailer() throws HPackException {
        // RFC 7541 section 4.2: a change "MUST occur at the beginning of the first header block
        // following the change". The array that was too short is not that block.
        encoder.setMaxTableSize(100);
        decoder.setMaxTableSize(100);
        String large = "y".repeat(2000);
        headers.add("Large", large);
        assertThat(writer.beginTrailers(headers, array, 0, 1024)).isEqualTo(BUFFER_TOO_SMALL);
        assertThat(writer.end()).isZero();
        assertThat(writer.writeMore(array, 0, 1024)).isEqualTo(BUFFER_TOO_SMALL);
        byte[] longer = new byte[4096];
        assertThat(writer.writeMore(longer, 0, 4096)).isEqualTo(DONE);
        assertThat(HexFormat.of().formatHex(longer, 0, 2)).isEqualTo("3f45");
        assertThat(decode(decoder, Arrays.copyOf(longer, writer.end())))
                .containsExactly(field("large", large));
        assertThat(writer.beginTrailers(headers, longer, 0, 4096)).isEqualTo(DONE);
        assertThat(longer[0]).as("announced once").isNotEqualTo((byte) 0x3f);
    }

    @Test
    void severalChangesOfTheTableAreAnnouncedBySmallestAndFinalSize() throws HPackException {
        encoder.setMaxTableSize(2000);
        encoder.setMaxTableSize(0);
        encoder.setMaxTableSize(1_000_000);
        decoder.setMaxTableSize(0);
        decoder.setMaxTableSize(4096);
        assertThat(writer.beginResponse(200, headers, array, 0, 1024)).isEqualTo(DONE);
        assertThat(HexFormat.of().formatHex(array, 0, writer.end())).isEqualTo("203fe11f88");
        assertThat(decode(decoder, Arrays.copyOf(array, writer.end()))).hasSize(1);
    }

    @Test
    void anArrayTooShortForTheUpdateOrTheStatusIsSaidToBe() {
        encoder.setMaxTableSize(100);
        assertThat(writer.beginResponse(302, headers, array, 0, 1)).isEqualTo(BUFFER_TOO_SMALL);
        assertThat(writer.writeMore(array, 0, 3)).isEqualTo(BUFFER_TOO_SMALL);
        assertThat(writer.writeMore(array, 0, 1024)).isEqualTo(DONE);
        assertThat(HexFormat.of().formatHex(array, 0, writer.end())).isEqualTo("3f45488264" + "02");
    }

    @Test
    void aFieldThatDidNotFitHasNotTouchedTheTable() throws HPackException {
        headers.add("X-Kept", "value");
        for (int to = 2; to < 10; to++) {
            assertThat(writer.beginTrailers(headers, array, 0, to)).isEqualTo(BUFFER_TOO_SMALL);
            assertThat(encoder.tableSize()).isZero();
        }
        assertThat(writer.writeMore(array, 0, 1024)).isEqualTo(DONE);
        assertThat(encoder.tableSize()).isEqualTo("x-keptvalue".length() + 32);
        assertThat(decode(decoder, Arrays.copyOf(array, writer.end()))).hasSize(1);
    }

    @Test
    void secretsAreNeverIndexed() {
        // RFC 7541 section 7.1.3; the first four bits of such a literal are 0001.
        headers.add("Set-Cookie", "a=b").add("Authorization", "Basic x").add("Cookie", "short");
        byte[] once = written(200);
        assertThat(encoder.tableSize()).isZero();
        assertThat(once[1] & 0xf0).isEqualTo(0x10);
        assertThat(written(200)).isEqualTo(once);
    }

    @Test
    void moreNamesCanBeMarkedAsSecret() throws HPackException {
        HPackIndexingPolicy policy = HPackIndexingPolicy.DEFAULT.withNeverIndexed(Set.of("X-Key"));
        assertThat(policy.choose(HPackName.of("x-key"), "v"))
                .isEqualTo(HPackIndexing.NEVER_INDEXED);
        assertThat(policy.choose(HPackName.of("x-other"), "v")).isEqualTo(HPackIndexing.INDEXED);
        assertThat(policy.choose(HPackName.of("cookie"), "c".repeat(20)))
                .isEqualTo(HPackIndexing.INDEXED);
        assertThat(policy.choose(HPackName.of("etag"), "v")).isEqualTo(HPackIndexing.NOT_INDEXED);
    }

    @Test
    void aRepeatedResponseTakesAnOctetAField() {
        headers.add("Server", "Kestrel").add("X-Mine", "1").add("Date", "now");
        written(200);
        assertThat(written(200)).hasSize(4);
    }

    @Test
    void valuesBeyondAsciiGoThroughTheirCharset() throws HPackException {
        FieldOctets utf8 =
                (name, value) ->
                        new String(
                                value.getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.ISO_8859_1);
        HPackHeaderWriter other = new HPackHeaderWriter(encoder, utf8);
        HttpHeaders any = new AnyValue();
        any.add("X-Text", "\u20ac");
        assertThat(other.beginTrailers(any, array, 0, 1024)).isEqualTo(DONE);
        assertThat(decode(decoder, Arrays.copyOf(array, other.end())))
                .containsExactly(field("x-text", "\u00e2\u0082\u00ac"));
    }

    @Test
    void aCharsetCanNotBringInALineEnd() {
        HPackHeaderWriter other = new HPackHeaderWriter(encoder, (name, value) -> "a\r\nb");
        HttpHeaders any = new AnyValue();
        any.add("X-Text", "\u20ac");
        assertThatThrownBy(() -> other.beginTrailers(any, array, 0, 1024))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x-text");
        assertThatThrownBy(() -> writer.beginTrailers(any, array, 0, 1024))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(encoder.tableSize()).isZero();
    }

    /** As an option for the charset of responses allows. */
    private static final class AnyValue extends HttpHeaders {
        @Override
        protected void checkValue(String name, String value) {}
    }

    /**
     * Writes a block as an engine does, in pieces of at most 100 octets where fields allow that.
     */
    private byte[] written(int status) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        byte[] piece = new byte[100];
        HPackWriteResult result = writer.beginResponse(status, headers, piece, 0, piece.length);
        while (true) {
            block.write(piece, 0, writer.end());
            if (result == DONE) {
                return block.toByteArray();
            }
            if (result == BUFFER_TOO_SMALL) {
                piece = new byte[piece.length * 2];
            }
            result = writer.writeMore(piece, 0, piece.length);
        }
    }
}
