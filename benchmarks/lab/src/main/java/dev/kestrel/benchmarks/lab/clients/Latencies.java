package dev.kestrel.benchmarks.lab.clients;

/**
 * How long requests took. A time is kept in a class that is at most a 64th of it wide. Owned by one
 * thread until that is done.
 */
final class Latencies {

    private static final int BITS = 6;
    private static final int CLASSES = 1 << BITS;

    private final long[] counts = new long[(Long.SIZE - BITS) << BITS];
    private long total;

    void add(long nanos) {
        counts[index(Math.max(0, nanos))]++;
        total++;
    }

    void add(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
    }

    long total() {
        return total;
    }

    /** The time that this share of the requests did not exceed, in nanoseconds. */
    long percentile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return most(i);
            }
        }
        return 0;
    }

    private static int index(long nanos) {
        if (nanos < CLASSES) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - BITS;
        return ((shift + 1) << BITS) + (int) (nanos >>> shift) % CLASSES;
    }

    /** The greatest time of a class. */
    private static long most(int index) {
        if (index < CLASSES) {
            return index;
        }
        int shift = (index >> BITS) - 1;
        return ((long) (CLASSES + index % CLASSES + 1) << shift) - 1;
    }
}
