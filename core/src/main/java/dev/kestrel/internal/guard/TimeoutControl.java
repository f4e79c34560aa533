package dev.kestrel.internal.guard;

import dev.kestrel.http.MinDataRate;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * The clock of one connection: a single deadline with its reason, and the minimum rates of both
 * directions. The connection sets, the heartbeat {@linkplain #tick ticks}; nobody reads a clock in
 * between, so every timeout is up to one beat late, and none is early.
 *
 * <p>A beat counts for at most {@link #HEARTBEAT}, so that a long pause of the whole process does
 * not look like a slow client. The original's type of the same name.
 */
public final class TimeoutControl {

    /** The time between two ticks, in nanoseconds. */
    public static final long HEARTBEAT = Duration.ofSeconds(1).toNanos();

    private static final long NEVER = Long.MAX_VALUE;

    /**
     * The low bits of the deadline hold the reason. So the two change as one, and a timeout that
     * comes while another is set never tells the wrong reason. The deadline loses 8 ns by it.
     */
    private static final long REASON_BITS = 7;

    private static final TimeoutReason[] REASONS = TimeoutReason.values();
    private static final VarHandle DEADLINE;
    private static final VarHandle READS;
    private static final VarHandle STALLS;

    static {
        try {
            MethodHandles.Lookup own = MethodHandles.lookup();
            DEADLINE = own.findVarHandle(TimeoutControl.class, "deadline", long.class);
            READS = own.findVarHandle(TimeoutControl.class, "reads", ReadRate.class);
            STALLS = own.findVarHandle(TimeoutControl.class, "stalls", StallRate.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Is told, once for each deadline or breach, on the heartbeat's thread; must not block. */
    @FunctionalInterface
    public interface Handler {
        /** Something took too long. */
        void onTimeout(TimeoutReason reason);
    }

    private final Handler handler;
    private final WriteRate writes = new WriteRate();

    // Made when they are first needed, which for most connections is never.
    private volatile @Nullable ReadRate reads;
    private volatile @Nullable StallRate stalls;

    /** The time of the last tick, as the provider gives it. Only the heartbeat touches it. */
    private long lastTick;

    /** How much time has counted since the start, as of the last tick. */
    private volatile long now;

    private volatile boolean inputBackPressure;

    /** Kept until the next beat: a beat in part of which the client could not send is no wait. */
    private volatile boolean backPressureSinceBeat;

    @SuppressWarnings(
            "unused") // Through DEADLINE: a release store, for it happens several times a request.
    private long deadline = NEVER;

    /**
     * Makes a clock with nothing set.
     *
     * @param handler who is told
     * @param nanoTime the time now
     */
    public TimeoutControl(Handler handler, long nanoTime) {
        this.handler = handler;
        this.lastTick = nanoTime;
    }

    private ReadRate reads() {
        ReadRate now = reads;
        if (now != null) {
            return now;
        }
        ReadRate made = new ReadRate();
        now = (ReadRate) READS.compareAndExchange(this, null, made);
        return now == null ? made : now;
    }

    private StallRate stalls() {
        StallRate now = stalls;
        if (now != null) {
            return now;
        }
        StallRate made = new StallRate();
        now = (StallRate) STALLS.compareAndExchange(this, null, made);
        return now == null ? made : now;
    }

    /** A number that changes with each beat. */
    public long beats() {
        return now;
    }

    /** Nanoseconds of a duration, where those that are too long become never. */
    public static long nanos(Duration duration) {
        return duration.getSeconds() >= Long.MAX_VALUE / 4_000_000_000L
                ? NEVER
                : duration.toNanos();
    }

    /** Sets the deadline, in place of any that was set. */
    public void setTimeout(long nanos, TimeoutReason why) {
        // A beat on top: the next one may come right after this.
        DEADLINE.setRelease(
                this,
                nanos == NEVER
                        ? NEVER
                        : ((now + nanos + HEARTBEAT) & ~REASON_BITS) | why.ordinal());
    }

    /** Removes the deadline. */
    public void cancelTimeout() {
        DEADLINE.setRelease(this, NEVER);
    }

    /**
     * A request body begins that must come at this rate at least. Bodies of one connection count
     * together. Each call is followed by one of {@link #stopRequestBody()}.
     */
    public void startRequestBody(MinDataRate rate) {
        reads().startBody(rate);
    }

    /** A request body that {@link #startRequestBody} began is no longer waited for. */
    public void stopRequestBody() {
        reads().stopBody();
    }

    /** The server waits for bytes of a request body from now on. */
    public void startTimingRead() {
        reads().startWaiting();
    }

    /** The server stopped waiting for bytes of a request body. */
    public void stopTimingRead() {
        reads().stopWaiting();
    }

    /** Bytes of a request body came. */
    public void bytesRead(long count) {
        reads().add(count);
    }

    /**
     * Whether the server itself lets no bytes of request bodies come, because the application does
     * not read those that are there. While it does, bodies are not slow.
     */
    public void inputBackPressure(boolean on) {
        if (on) {
            backPressureSinceBeat = true;
        }
        inputBackPressure = on;
    }

    /**
     * Bytes of a response are written that the client must take at this rate at least. Called
     * before the {@link #startTimingWrite} of the flush that sends them.
     */
    public void bytesWritten(MinDataRate rate, long count) {
        writes.add(rate, count, now);
    }

    /** The server waits for the client to take bytes from now on. Only for bytes with a rate. */
    public void startTimingWrite() {
        writes.startWaiting();
    }

    /** The client took them. */
    public void stopTimingWrite() {
        writes.stopWaiting(now);
    }

    /**
     * A response waits for flow-control window from now on. While any does, the responses of the
     * connection must go at this rate at least. Followed by one {@link #stopResponseStall()}.
     */
    public void startResponseStall(MinDataRate rate) {
        stalls().startWaiting(rate);
    }

    /** The response that {@link #startResponseStall} told of no longer waits. */
    public void stopResponseStall() {
        stalls().stopWaiting();
    }

    /** Bytes of a response had the window that they needed, whether they waited for it or not. */
    public void bytesReleased(long count) {
        stalls().add(count);
    }

    /**
     * A beat of the heart: calls the handler for what is due.
     *
     * @param nanoTime the time of the beat
     */
    public void tick(long nanoTime) {
        long beat = Math.clamp(nanoTime - lastTick, 0, HEARTBEAT);
        lastTick = nanoTime;
        long time = now + beat;
        now = time;

        long due = (long) DEADLINE.getAcquire(this);
        if (due != NEVER
                && time >= (due & ~REASON_BITS)
                && DEADLINE.compareAndSet(this, due, NEVER)) {
            handler.onTimeout(REASONS[(int) (due & REASON_BITS)]);
        }
        boolean blocked = backPressureSinceBeat;
        if (blocked) {
            backPressureSinceBeat = inputBackPressure;
        }
        // Who could hold the deadline of another stream open would buy time for all bodies.
        boolean bounded =
                due != NEVER && (due & REASON_BITS) != TimeoutReason.HEADER_BLOCK.ordinal();
        ReadRate coming = reads;
        if (coming != null && coming.tooSlow(beat, blocked || bounded)) {
            handler.onTimeout(TimeoutReason.READ_DATA_RATE);
        }
        StallRate stalled = stalls;
        if (writes.tooSlow(time) | (stalled != null && stalled.tooSlow(beat))) {
            handler.onTimeout(TimeoutReason.WRITE_DATA_RATE);
        }
    }
}
