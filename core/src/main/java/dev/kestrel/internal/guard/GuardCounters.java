package dev.kestrel.internal.guard;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each guard of a server said "enough". Safe for use by any thread. */
public final class GuardCounters {

    private static final Guard[] GUARDS = Guard.values();

    private final LongAdder[] rejections = new LongAdder[GUARDS.length];

    /** Makes counters of nothing. */
    public GuardCounters() {
        for (int i = 0; i < rejections.length; i++) {
            rejections[i] = new LongAdder();
        }
    }

    /** A guard refused something. */
    public void rejected(Guard guard) {
        rejections[guard.ordinal()].increment();
    }

    /** How often it did. */
    public long count(Guard guard) {
        return rejections[guard.ordinal()].sum();
    }

    /** All counts by the guards' labels, in the guards' order. */
    public Map<String, Long> snapshot() {
        Map<String, Long> counts = LinkedHashMap.newLinkedHashMap(GUARDS.length);
        for (Guard guard : GUARDS) {
            counts.put(guard.label(), count(guard));
        }
        return Collections.unmodifiableMap(counts);
    }
}
