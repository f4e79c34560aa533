package dev.kestrel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.options.TimeProvider.Pulse;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class ManualTimeProviderTest {

    private final ManualTimeProvider time = new ManualTimeProvider();
    private final List<String> beats = new ArrayList<>();

    @Test
    void standsStillUntilItIsMoved() {
        assertThat(time.now()).isEqualTo(ManualTimeProvider.START);
        assertThat(time.nanoTime()).isZero();

        time.advance(Duration.ofMillis(1500));

        assertThat(time.now()).isEqualTo(ManualTimeProvider.START.plusMillis(1500));
        assertThat(time.nanoTime()).isEqualTo(1_500_000_000L);
    }

    @Test
    void beatsEachPulseAsOftenAsItIsDueAndInOrder() {
        time.start("one", Duration.ofSeconds(1), () -> beats.add("one at " + seconds()));
        time.start("two", Duration.ofSeconds(2), () -> beats.add("two at " + seconds()));

        time.advance(Duration.ofMillis(3500));

        assertThat(beats).containsExactly("one at 1.0", "one at 2.0", "two at 2.0", "one at 3.0");
    }

    @Test
    void remembersPartsOfABeat() {
        time.start("one", Duration.ofSeconds(1), () -> beats.add("beat"));

        time.advance(Duration.ofMillis(999));
        assertThat(beats).isEmpty();

        time.advance(Duration.ofMillis(1));
        assertThat(beats).hasSize(1);
    }

    @Test
    void aClosedPulseBeatsNoMore() {
        Pulse pulse = time.start("one", Duration.ofSeconds(1), () -> beats.add("beat"));

        time.advance(Duration.ofSeconds(1));
        pulse.close();
        time.advance(Duration.ofSeconds(5));

        assertThat(beats).hasSize(1);
    }

    @Test
    void aPulseMayCloseItself() {
        Pulse[] pulse = new Pulse[1];
        pulse[0] =
                time.start(
                        "one",
                        Duration.ofSeconds(1),
                        () -> {
                            beats.add("beat");
                            pulse[0].close();
                        });

        time.advance(Duration.ofSeconds(3));

        assertThat(beats).hasSize(1);
    }

    @Test
    void timeDoesNotRunBackwards() {
        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private double seconds() {
        return time.nanoTime() / 1e9;
    }
}
