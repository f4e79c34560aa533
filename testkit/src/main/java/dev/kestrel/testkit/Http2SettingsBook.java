package dev.kestrel.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What the client's SETTINGS allow the server. Until SETTINGS are acknowledged the server may go by
 * the values before them or by the new ones (RFC 9113 section 6.5.3), so the greatest counts.
 */
final class Http2SettingsBook {

    private final Map<Integer, Long> inForce = new HashMap<>();
    private final Deque<Map<Integer, Long>> sent = new ArrayDeque<>();

    void sent(byte[] payload) {
        Map<Integer, Long> values = new HashMap<>();
        for (int at = 0; at + 6 <= payload.length; at += 6) {
            int id = (payload[at] & 0xFF) << 8 | payload[at + 1] & 0xFF;
            values.put(id, Http2FrameReader.intAt(payload, at + 2) & 0xFFFF_FFFFL);
        }
        sent.add(values);
    }

    /** The server has acknowledged; false when there was nothing to acknowledge. */
    boolean acknowledged() {
        Map<Integer, Long> values = sent.poll();
        if (values == null) {
            return false;
        }
        inForce.putAll(values);
        return true;
    }

    /** The greatest value that the server may go by. */
    long greatest(int id, long initial) {
        long greatest = inForce.getOrDefault(id, initial);
        for (Map<Integer, Long> values : sent) {
            greatest = Math.max(greatest, values.getOrDefault(id, 0L));
        }
        return greatest;
    }
}
