package dev.kestrel.internal.qpack;

import java.util.Arrays;

/**
 * The sections that the peer has not acknowledged yet, with the entries that they refer to (RFC
 * 9204 section 2.1.1). As only the oldest entry can be evicted, the oldest that a section refers to
 * says all. How many there can be is bounded: beyond that, sections do without the table.
 *
 * <p>Belongs to a {@link QPackEncoder}.
 */
final class QPackReferences {

    /** More than a connection has streams, with interim responses and trailers. */
    static final int MOST = 512;

    private static final int LEAST = 16;

    private long[] streams = new long[0];
    private long[] required = new long[0];
    private long[] oldest = new long[0];
    private int count;

    boolean isFull() {
        return count == MOST;
    }

    void add(long streamId, long requiredInsertCount, long oldestReference) {
        if (count == streams.length) {
            int length = Math.max(LEAST, count * 2);
            streams = Arrays.copyOf(streams, length);
            required = Arrays.copyOf(required, length);
            oldest = Arrays.copyOf(oldest, length);
        }
        streams[count] = streamId;
        required[count] = requiredInsertCount;
        oldest[count] = oldestReference;
        count++;
    }

    /**
     * Forgets the first section of a stream.
     *
     * @return the count that it required; zero when there is none
     */
    long acknowledge(long streamId) {
        for (int i = 0; i < count; i++) {
            if (streams[i] == streamId) {
                long acknowledged = required[i];
                int rest = count - i - 1;
                System.arraycopy(streams, i + 1, streams, i, rest);
                System.arraycopy(required, i + 1, required, i, rest);
                System.arraycopy(oldest, i + 1, oldest, i, rest);
                count--;
                return acknowledged;
            }
        }
        return 0;
    }

    /** Forgets all sections of a stream. */
    void cancel(long streamId) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (streams[i] != streamId) {
                streams[kept] = streams[i];
                required[kept] = required[i];
                oldest[kept] = oldest[i];
                kept++;
            }
        }
        count = kept;
    }

    /**
     * How many streams may be blocked at a peer that is known to have so many entries. Two sections
     * of one stream count twice, which is on the safe side.
     */
    int atRisk(long knownReceived) {
        int risky = 0;
        for (int i = 0; i < count; i++) {
            if (required[i] > knownReceived) {
                risky++;
            }
        }
        return risky;
    }

    /** The oldest entry that is referred to, if it is older than that. */
    long oldest(long otherwise) {
        long first = otherwise;
        for (int i = 0; i < count; i++) {
            first = Math.min(first, oldest[i]);
        }
        return first;
    }
}
