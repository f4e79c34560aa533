package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class HeartbeatTest {

    private final ManualTime time = new ManualTime();
    private final RecordingLogger log = new RecordingLogger(System.Logger.Level.DEBUG);
    private final List<String> calls = new ArrayList<>();

    private Heartbeat heartbeat(Heartbeat.Handler... handlers) {
        return new Heartbeat(time, List.of(handlers), log);
    }

    @Test
    void everyHandlerIsCalledOnEachBeatWithItsTime() {
        try (Heartbeat heartbeat =
                heartbeat(now -> calls.add("a" + now), now -> calls.add("b" + now))) {
            heartbeat.start();
            heartbeat.start();
            time.seconds(1);
            long first = time.nanoTime();
            time.seconds(1);
            assertThat(calls)
                    .containsExactly(
                            "a" + first, "b" + first, "a" + time.nanoTime(), "b" + time.nanoTime());
        }
    }

    @Test
    void aHandlerThatFailsIsLoggedAndTheOthersGoOn() {
        try (Heartbeat heartbeat =
                heartbeat(
                        now -> {
                            throw new IllegalStateException("no");
                        },
                        now -> {
                            throw new AssertionError("no");
                        },
                        now -> calls.add("called"))) {
            heartbeat.start();
            time.seconds(2);
            assertThat(calls).hasSize(2);
            assertThat(log.messages).hasSize(4).allMatch(line -> line.startsWith("ERROR"));
        }
    }

    @Test
    void aBeatThatTakesLongerThanTheIntervalIsWarnedOf() {
        try (Heartbeat heartbeat = heartbeat(now -> time.pass(Duration.ofMillis(1500)))) {
            heartbeat.start();
            time.seconds(1);
            assertThat(log.messages)
                    .singleElement()
                    .asString()
                    .startsWith("WARNING")
                    .contains("1500");
        }
    }

    @Test
    void nothingIsCalledAfterTheEnd() {
        Heartbeat heartbeat = heartbeat(now -> calls.add("called"));
        heartbeat.start();
        heartbeat.close();
        heartbeat.close();
        time.seconds(3);
        assertThat(calls).isEmpty();
    }
}
