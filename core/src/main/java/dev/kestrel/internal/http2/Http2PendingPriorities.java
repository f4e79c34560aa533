package dev.kestrel.internal.http2;

import dev.kestrel.internal.protocol.Priority;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * Priorities of streams that are not open yet: PRIORITY_UPDATE may come before HEADERS (RFC 9218
 * section 7.1). At most as many are kept as there may be streams. Frame loop only.
 */
final class Http2PendingPriorities {

    private final int most;
    private @Nullable Map<Integer, Priority> pending;

    Http2PendingPriorities(int most) {
        this.most = most;
    }

    /** Keeps a priority, unless there are too many; the last one for a stream counts. */
    void put(int streamId, Priority priority) {
        if (pending == null) {
            pending = new HashMap<>();
        }
        if (pending.size() < most || pending.containsKey(streamId)) {
            pending.put(streamId, priority);
        }
    }

    /** The priority that was kept for a stream that opens now. Lower ones can open no more. */
    @Nullable Priority take(int streamId) {
        if (pending == null || pending.isEmpty()) {
            return null;
        }
        Priority priority = pending.remove(streamId);
        pending.keySet().removeIf(id -> id < streamId);
        return priority;
    }
}
