package dev.kestrel.internal.serving;

import dev.kestrel.options.TimeProvider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A clock that tests move by hand; each step of a second is a beat, on the test's own thread. */
public final class ManualTime implements TimeProvider {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private volatile long nanoTime = 1_000_000;
    private final List<Runnable> beats = new CopyOnWriteArrayList<>();

    @Override
    public long nanoTime() {
        return nanoTime;
    }

    @Override
    public Instant now() {
        return Instant.ofEpochSecond(1_800_000_000, nanoTime);
    }

    @Override
    public Pulse start(String name, Duration interval, Runnable beat) {
        beats.add(beat);
        return () -> beats.remove(beat);
    }

    public int pulses() {
        return beats.size();
    }

    /** Lets time pass without a beat. */
    public void pass(Duration time) {
        nanoTime += time.toNanos();
    }

    public void seconds(int count) {
        for (int i = 0; i < count; i++) {
            nanoTime += SECOND;
            beats.forEach(Runnable::run);
        }
    }
}
