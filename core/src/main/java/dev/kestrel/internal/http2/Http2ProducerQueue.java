package dev.kestrel.internal.http2;

import dev.kestrel.internal.protocol.Priority;

import org.jspecify.annotations.Nullable;

/**
 * The output producers that may have something to send, in the order in which they send: the most
 * urgent first; of one urgency, one frame each in turn, but a producer that is not incremental
 * stays in front until it has to wait (RFC 9218 section 10). And, apart from those, the producers
 * that wait for the window of the connection, in the order in which they came to wait.
 *
 * <p>Belongs to the frame writer's thread. A producer is in one place at most, and the links are
 * its own, so nothing is allocated.
 */
final class Http2ProducerQueue {

    /** Where a producer is. */
    enum Place {
        NOWHERE,
        READY,
        BLOCKED
    }

    private final Chain[] levels = new Chain[Priority.LEVELS];
    private final Chain blocked = new Chain();
    private int filled;

    Http2ProducerQueue() {
        for (int i = 0; i < levels.length; i++) {
            levels[i] = new Chain();
        }
    }

    /** Adds a producer behind those of its urgency; does nothing when it is ready already. */
    void add(Http2OutputProducer producer) {
        if (producer.place != Place.READY) {
            remove(producer);
            put(producer, false);
        }
    }

    /** Puts a producer back that has just sent a frame and has more. */
    void again(Http2OutputProducer producer) {
        put(producer, !producer.priority().incremental());
    }

    /** Takes the next producer out. */
    @Nullable Http2OutputProducer poll() {
        if (filled == 0) {
            return null;
        }
        int level = Integer.numberOfTrailingZeros(filled);
        Http2OutputProducer first = levels[level].first;
        if (first != null) {
            remove(first);
        }
        return first;
    }

    /** Lets a producer wait for the window of the connection. */
    void block(Http2OutputProducer producer) {
        remove(producer);
        producer.place = Place.BLOCKED;
        blocked.addLast(producer);
    }

    /** Whether some wait for the window of the connection. */
    boolean hasBlocked() {
        return blocked.first != null;
    }

    /** The window of the connection has grown: all that waited for it are ready. */
    void unblock() {
        for (Http2OutputProducer next = blocked.first; next != null; next = blocked.first) {
            add(next);
        }
    }

    /** Takes a producer out, wherever it is. */
    void remove(Http2OutputProducer producer) {
        switch (producer.place) {
            case READY -> {
                Chain level = levels[producer.level];
                level.remove(producer);
                if (level.first == null) {
                    filled &= ~(1 << producer.level);
                }
            }
            case BLOCKED -> blocked.remove(producer);
            case NOWHERE -> {}
        }
        producer.place = Place.NOWHERE;
    }

    private void put(Http2OutputProducer producer, boolean front) {
        int level = producer.priority().urgency();
        producer.level = level;
        producer.place = Place.READY;
        filled |= 1 << level;
        if (front) {
            levels[level].addFirst(producer);
        } else {
            levels[level].addLast(producer);
        }
    }

    /** A list whose links are in the producers. */
    private static final class Chain {

        private @Nullable Http2OutputProducer first;
        private @Nullable Http2OutputProducer last;

        void addFirst(Http2OutputProducer producer) {
            producer.after = first;
            if (first == null) {
                last = producer;
            } else {
                first.before = producer;
            }
            first = producer;
        }

        void addLast(Http2OutputProducer producer) {
            producer.before = last;
            if (last == null) {
                first = producer;
            } else {
                last.after = producer;
            }
            last = producer;
        }

        void remove(Http2OutputProducer producer) {
            Http2OutputProducer before = producer.before;
            Http2OutputProducer after = producer.after;
            if (before == null) {
                first = after;
            } else {
                before.after = after;
            }
            if (after == null) {
                last = before;
            } else {
                after.before = before;
            }
            producer.before = null;
            producer.after = null;
        }
    }
}
