package dev.kestrel.internal.qpack;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The sections that wait for entries (RFC 9204 section 2.1.2), by the count that they need; those
 * of one count in the order in which they came. A section stays here until somebody takes it, goes
 * on with it or cancels its stream, but counts only while entries are missing.
 *
 * <p>Belongs to a {@link QPackDecoder}.
 */
final class QPackBlockedSections {

    private final List<QPackFieldSection> waiting = new ArrayList<>(0);

    void add(QPackFieldSection section) {
        int at = waiting.size();
        while (at > 0
                && waiting.get(at - 1).requiredInsertCount() > section.requiredInsertCount()) {
            at--;
        }
        waiting.add(at, section);
    }

    void remove(QPackFieldSection section) {
        waiting.remove(section);
    }

    void removeStream(long streamId) {
        for (int i = 0; i < waiting.size(); i++) {
            if (waiting.get(i).streamId() == streamId) {
                waiting.remove(i);
                return;
            }
        }
    }

    /** How many need more entries than that. */
    int count(long inserts) {
        int ready = 0;
        while (ready < waiting.size() && waiting.get(ready).requiredInsertCount() <= inserts) {
            ready++;
        }
        return waiting.size() - ready;
    }

    /** Takes the first that needs no more entries than that, or {@code null}. */
    @Nullable QPackFieldSection poll(long inserts) {
        return waiting.isEmpty() || waiting.getFirst().requiredInsertCount() > inserts
                ? null
                : waiting.removeFirst();
    }
}
