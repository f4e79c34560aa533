package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 9113 sections 6.9.1 and 6.9.2. */
class OutputWindowTest {

    private final OutputWindow window = new OutputWindow(65_535);

    @Test
    void aSenderMustNotAllowAWindowToExceed2To31Less1() {
        assertThat(window.increase(Integer.MAX_VALUE - 65_535)).isTrue();
        assertThat(window.increase(1)).isFalse();
        assertThat(window.available()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aChangeToSettingsCanMakeTheWindowNegative() {
        window.consume(65_535);
        assertThat(window.shift(16_384 - 65_535)).isTrue();
        assertThat(window.available()).isEqualTo(16_384 - 65_535);
        assertThat(window.increase(65_535 - 16_384)).isTrue();
        assertThat(window.available()).isZero();
    }

    @Test
    void aChangeToSettingsThatExceedsTheMaximumIsRefused() {
        assertThat(window.increase(Integer.MAX_VALUE - 65_535)).isTrue();
        assertThat(window.shift(1)).isFalse();
        assertThat(window.available()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aWindowThatTheGreatestChangesMeetDoesNotWrapAround() {
        window.reset(0);
        window.consume(Integer.MAX_VALUE);
        assertThat(window.shift(Integer.MAX_VALUE)).isTrue();
        assertThat(window.available()).isZero();
    }
}
