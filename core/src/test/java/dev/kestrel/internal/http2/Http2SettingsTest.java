package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Http2SettingsTest {

    private final Http2Settings settings = new Http2Settings();

    /** RFC 9113 section 6.5.2. */
    @ParameterizedTest
    @CsvSource({
        "2, 2, PROTOCOL_ERROR",
        "2, 4294967295, PROTOCOL_ERROR",
        "4, 2147483648, FLOW_CONTROL_ERROR",
        "4, 4294967295, FLOW_CONTROL_ERROR",
        "5, 0, PROTOCOL_ERROR",
        "5, 16383, PROTOCOL_ERROR",
        "5, 16777216, PROTOCOL_ERROR",
        "5, 4294967295, PROTOCOL_ERROR",
    })
    void valuesOutOfRange(int id, long value, String code) {
        assertThatThrownBy(() -> settings.set(id, (int) value))
                .isInstanceOfSatisfying(
                        Http2ConnectionException.class,
                        e -> assertThat(e.code().name()).isEqualTo(code));
    }

    @Test
    void valuesAtTheirBounds() throws Http2ConnectionException {
        settings.set(Http2Settings.ENABLE_PUSH, 0);
        settings.set(Http2Settings.ENABLE_PUSH, 1);
        settings.set(Http2Settings.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
        settings.set(Http2Settings.MAX_FRAME_SIZE, 16777215);
        settings.set(Http2Settings.HEADER_TABLE_SIZE, -1);
        settings.set(Http2Settings.MAX_HEADER_LIST_SIZE, -1);
        assertThat(settings.initialWindowSize()).isEqualTo(Integer.MAX_VALUE);
        assertThat(settings.maxFrameSize()).isEqualTo(16777215);
        assertThat(settings.headerTableSize()).isEqualTo(Integer.MAX_VALUE);
        assertThat(settings.maxHeaderListSize()).isEqualTo(4294967295L);
    }

    /** "An endpoint that receives a SETTINGS frame with any unknown ... identifier MUST ignore." */
    @Test
    void unknownParametersAreIgnored() throws Http2ConnectionException {
        settings.set(0xfafa, -1);
        assertThat(settings.initialWindowSize()).isEqualTo(65535);
        assertThat(settings.maxFrameSize()).isEqualTo(16384);
    }
}
