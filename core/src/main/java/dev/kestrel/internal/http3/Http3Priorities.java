package dev.kestrel.internal.http3;

import dev.kestrel.internal.protocol.Priority;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Priorities that came before the streams they are for, a bounded number (RFC 9218 section 7): when
 * there are more, the oldest is forgotten. Guarded by the table of streams.
 */
final class Http3Priorities {

    private final int most;
    private @Nullable Map<Long, Priority> pending;

    Http3Priorities(int most) {
        this.most = most;
    }

    void put(long streamId, Priority priority) {
        Map<Long, Priority> map = pending;
        if (map == null) {
            map = new LinkedHashMap<>();
            pending = map;
        }
        map.put(streamId, priority);
        if (map.size() > most) {
            map.remove(map.keySet().iterator().next());
        }
    }

    /** Takes the priority of a stream that begins. */
    @Nullable Priority take(long streamId) {
        Map<Long, Priority> map = pending;
        return map == null || map.isEmpty() ? null : map.remove(streamId);
    }
}
