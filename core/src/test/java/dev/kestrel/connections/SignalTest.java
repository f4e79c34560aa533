package dev.kestrel.connections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class SignalTest {

    private final Signal signal = new Signal();
    private final List<String> calls = new ArrayList<>();

    @Test
    void firesOnceWithTheFirstCause() {
        IOException cause = new IOException("first");
        signal.onFired(() -> calls.add("called"));

        assertThat(signal.isFired()).isFalse();
        assertThat(signal.cause()).isNull();
        assertThat(signal.fire(cause)).isTrue();
        assertThat(signal.fire(new IOException("second"))).isFalse();

        assertThat(signal.isFired()).isTrue();
        assertThat(signal.cause()).isSameAs(cause);
        assertThat(calls).containsExactly("called");
    }

    @Test
    void callsThoseWhoComeLateAtOnce() {
        signal.fire(null);
        signal.onFired(() -> calls.add("late"));

        assertThat(calls).containsExactly("late");
    }

    @Test
    void leavesOutCallbacksThatWereTakenBack() {
        signal.onFired(() -> calls.add("stays"));
        signal.onFired(() -> calls.add("goes")).close();
        signal.fire(null);

        assertThat(calls).containsExactly("stays");
    }

    @Test
    void oneCallbackThatFailsDoesNotTakeItFromTheOthers() {
        signal.onFired(
                () -> {
                    throw new AssertionError("an error of a callback");
                });
        signal.onFired(() -> calls.add("next"));
        signal.fire(null);

        assertThat(calls).containsExactly("next");
    }

    @Test
    void letsWaitersGo() throws Exception {
        Thread waiter =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        signal.await();
                                        calls.add("woken");
                                    } catch (InterruptedException e) {
                                        calls.add("interrupted");
                                    }
                                });
        signal.fire(null);
        waiter.join();

        assertThat(calls).containsExactly("woken");
        signal.await();
    }
}
