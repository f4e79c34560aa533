package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.options.KestrelServerLimits;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.TypeConversionException;

import java.time.Duration;

class SizesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "500, 500",
        "64K, 65536",
        "64k, 65536",
        "64KiB, 65536",
        "30M, 31457280",
        "30mb, 31457280",
        "2G, 2147483648"
    })
    void sizesAreBytesOrPowersOf1024(String text, long bytes) {
        assertThat(new Sizes.Bytes().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unlimited", "UNLIMITED"})
    void unlimitedIsTheLimitsOwnWord(String text) {
        assertThat(new Sizes.Bytes().convert(text)).isEqualTo(KestrelServerLimits.UNLIMITED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "1.5M",
                "K",
                "10 M",
                "10T",
                "999999999999999G",
                "9999999999999999"
            })
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> new Sizes.Bytes().convert(text))
                .isInstanceOf(TypeConversionException.class);
    }

    @ParameterizedTest
    @CsvSource({"30, PT30S", "30s, PT30S", "500ms, PT0.5S", "2m, PT2M", "1H, PT1H"})
    void timesAreSecondsOrSayTheirUnit(String text, Duration time) {
        assertThat(new Sizes.Time().convert(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1s", "1.5s", "s", "10d", "10 s"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> new Sizes.Time().convert(text))
                .isInstanceOf(TypeConversionException.class);
    }
}
