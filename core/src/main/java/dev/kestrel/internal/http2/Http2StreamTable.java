package dev.kestrel.internal.http2;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * The streams of a connection by their identifiers: open addressing, so that finding one makes no
 * object. Belongs to whoever holds the connection's loop.
 */
final class Http2StreamTable {

    private static final int SMALLEST = 16;

    private @Nullable Http2Stream[] slots = new Http2Stream[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    @Nullable Http2Stream get(int id) {
        int mask = slots.length - 1;
        for (int i = slot(id, mask); ; i = i + 1 & mask) {
            Http2Stream stream = slots[i];
            if (stream == null || stream.streamId() == id) {
                return stream;
            }
        }
    }

    /** Adds a stream that is not here. */
    void add(Http2Stream stream) {
        if (2 * ++size > slots.length) {
            resize(2 * slots.length);
        }
        put(stream);
    }

    void remove(Http2Stream stream) {
        int mask = slots.length - 1;
        int hole = slot(stream.streamId(), mask);
        while (slots[hole] != stream) {
            if (slots[hole] == null) {
                return;
            }
            hole = hole + 1 & mask;
        }
        // Those behind it move up when the hole would hide them.
        int i = hole;
        while (true) {
            i = i + 1 & mask;
            Http2Stream next = slots[i];
            if (next == null) {
                break;
            }
            int wanted = slot(next.streamId(), mask);
            if ((i - wanted & mask) >= (i - hole & mask)) {
                slots[hole] = next;
                hole = i;
            }
        }
        slots[hole] = null;
        size--;
        if (size == 0 && slots.length > 4 * SMALLEST) {
            slots = new Http2Stream[SMALLEST];
        }
    }

    /** Calls an action for each stream; the action does not add or remove any. */
    void forEach(Consumer<Http2Stream> action) {
        for (Http2Stream stream : slots) {
            if (stream != null) {
                action.accept(stream);
            }
        }
    }

    private void resize(int length) {
        @Nullable Http2Stream[] old = slots;
        slots = new Http2Stream[length];
        for (Http2Stream stream : old) {
            if (stream != null) {
                put(stream);
            }
        }
    }

    private void put(Http2Stream stream) {
        int mask = slots.length - 1;
        int i = slot(stream.streamId(), mask);
        while (slots[i] != null) {
            i = i + 1 & mask;
        }
        slots[i] = stream;
    }

    /** Identifiers of a client are odd. */
    private static int slot(int id, int mask) {
        return id >>> 1 & mask;
    }
}
