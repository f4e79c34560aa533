package dev.kestrel.internal.http2;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The producers that have scheduled themselves, each once: any thread puts them in, whoever has the
 * writer's turn takes them out. The links are the producers' own, so nothing is allocated.
 */
final class Http2ProducerChannel {

    /** The last one first. */
    private final AtomicReference<@Nullable Http2OutputProducer> top = new AtomicReference<>();

    boolean isEmpty() {
        return top.get() == null;
    }

    /**
     * Puts a producer in. From any thread; costs little when it is there already.
     *
     * @return false when it is there already
     */
    boolean put(Http2OutputProducer producer) {
        if (producer.scheduled.get() || !producer.scheduled.compareAndSet(false, true)) {
            return false;
        }
        do {
            producer.next = top.get();
        } while (!top.compareAndSet(producer.next, producer));
        return true;
    }

    /** Takes all out: the first, whose {@code next} leads to the others in the order they came. */
    @Nullable Http2OutputProducer takeAll() {
        if (isEmpty()) {
            return null;
        }
        Http2OutputProducer taken = top.getAndSet(null);
        Http2OutputProducer first = null;
        while (taken != null) {
            Http2OutputProducer before = taken.next;
            taken.next = first;
            first = taken;
            taken = before;
        }
        return first;
    }
}
