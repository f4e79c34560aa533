package dev.kestrel.internal.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.protocol.Priority;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Who is next: RFC 9218 section 10. */
class Http2ProducerQueueTest {

    private final WriterTesting testing = new WriterTesting();
    private final Http2ProducerQueue queue = new Http2ProducerQueue();

    private Http2OutputProducer producer(int id, Priority priority) {
        Http2OutputProducer producer =
                new Http2OutputProducer(testing.writer, testing.services, endStream -> {});
        producer.begin(id, 100, false);
        producer.priority(priority);
        queue.add(producer);
        return producer;
    }

    /** Gives turns; each that had one has more. */
    private List<Integer> turns(int count) {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Http2OutputProducer next = queue.poll();
            assertThat(next).isNotNull();
            ids.add(next.streamId());
            queue.again(next);
        }
        return ids;
    }

    @Test
    void serversShouldTransmitResponsesInOrderOfUrgency() {
        producer(1, Priority.of(7, true));
        producer(3, Priority.of(0, true));
        producer(5, Priority.DEFAULT);

        List<Integer> order = new ArrayList<>();
        for (Http2OutputProducer next = queue.poll(); next != null; next = queue.poll()) {
            order.add(next.streamId());
        }
        assertThat(order).containsExactly(3, 5, 1);
    }

    @Test
    void responsesWithoutASignalShareFairly() {
        producer(1, Priority.DEFAULT);
        producer(3, Priority.DEFAULT);
        producer(5, Priority.DEFAULT);

        assertThat(turns(7)).containsExactly(1, 3, 5, 1, 3, 5, 1);
    }

    @Test
    void aNonIncrementalResponseIsSentUntilItIsDoneOrHasToWait() {
        producer(1, Priority.of(3, false));
        producer(3, Priority.of(3, false));
        assertThat(turns(3)).containsExactly(1, 1, 1);

        assertThat(queue.poll()).isNotNull();
        assertThat(turns(2)).containsExactly(3, 3);
    }

    @Test
    void addingWhoIsReadyDoesNotMoveIt() {
        Http2OutputProducer first = producer(1, Priority.DEFAULT);
        producer(3, Priority.DEFAULT);
        queue.add(first);

        assertThat(turns(3)).containsExactly(1, 3, 1);
    }

    @Test
    void aPriorityThatChangesCountsFromTheNextTurnOn() {
        Http2OutputProducer first = producer(1, Priority.DEFAULT);
        producer(3, Priority.DEFAULT);
        first.priority(Priority.of(7, true));

        assertThat(turns(4)).containsExactly(1, 3, 3, 3);
    }

    @Test
    void whoWaitsForTheConnectionGoesOnInTheOrderInWhichItCameToWait() {
        Http2OutputProducer first = producer(1, Priority.DEFAULT);
        Http2OutputProducer second = producer(3, Priority.DEFAULT);
        Http2OutputProducer third = producer(5, Priority.DEFAULT);
        queue.block(third);
        queue.block(first);
        queue.block(second);
        assertThat(queue.poll()).isNull();
        queue.remove(first);

        queue.unblock();
        assertThat(queue.hasBlocked()).isFalse();
        assertThat(turns(2)).containsExactly(5, 3);
    }
}
