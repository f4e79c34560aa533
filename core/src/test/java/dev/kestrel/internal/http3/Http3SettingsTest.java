package dev.kestrel.internal.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.options.KestrelServerLimits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

/** RFC 9114 section 7.2.4. */
class Http3SettingsTest {

    private static Http3Settings read(String octets) throws Http3ConnectionException {
        byte[] payload = HexFormat.of().parseHex(octets);
        Http3Settings settings = new Http3Settings();
        settings.read(payload, payload.length);
        return settings;
    }

    @Test
    void whatIsNotSaidHasADefault() throws Exception {
        Http3Settings settings = read("");
        assertThat(settings.maxFieldSectionSize()).isEqualTo(Long.MAX_VALUE);
        assertThat(settings.tableCapacity()).isZero();
        assertThat(settings.blockedStreams()).isZero();
    }

    @Test
    void valuesAreTakenAndUnknownOnesIgnored() throws Exception {
        Http3Settings settings = read("0601" + "014040" + "0705" + "21c0000000000000ff" + "3301");
        assertThat(settings.maxFieldSectionSize()).isEqualTo(1);
        assertThat(settings.tableCapacity()).isEqualTo(64);
        assertThat(settings.blockedStreams()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "0001, 265",
        "0201, 265",
        "0301, 265",
        "0401, 265",
        "0501, 265",
        "06010601, 265",
        "0802, 265",
        "3302, 265",
        "06, 262",
        "0640, 262",
        "40, 262"
    })
    void whatIsNotValidEndsTheConnection(String octets, long code) {
        assertThatThrownBy(() -> read(octets))
                .isInstanceOfSatisfying(
                        Http3ConnectionException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void oursCanBeReadByOurselves() throws Exception {
        KestrelServerLimits limits = KestrelServerLimits.builder().build();
        Http3Settings ours =
                read(HexFormat.of().formatHex(Http3Settings.ours(Http3Bounds.of(limits))));
        assertThat(ours.maxFieldSectionSize()).isEqualTo(limits.maxRequestHeadersTotalSize());
        assertThat(ours.tableCapacity()).isEqualTo(limits.http3().headerTableSize());
    }
}
