package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * How header fields are kept: in order, with a bit for each known name that is there. It checks
 * nothing; that is for {@link HttpHeaders}.
 */
abstract class FieldTable {

    static final int UNKNOWN = -1;

    private static final int LEAST_ROOM = 8;
    private static final String[] NO_TEXTS = {};
    private static final int[] NO_IDS = {};

    // Most tables of trailers stay empty, and idle connections keep theirs.
    String[] names = NO_TEXTS;

    /** Null for a {@code Content-Length} that nobody has asked for as text. */
    @Nullable String[] values = NO_TEXTS;

    int[] ids = NO_IDS;
    int size;
    long present;
    long contentLength = -1;

    final void removeAll() {
        Arrays.fill(names, 0, size, "");
        Arrays.fill(values, 0, size, null);
        size = 0;
        present = 0;
        contentLength = -1;
    }

    final int indexOf(KnownHeader header, int from) {
        if ((present & header.bit()) == 0) {
            return -1;
        }
        int id = header.ordinal();
        for (int i = from; i < size; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        return -1;
    }

    final int indexOf(String name, int from) {
        for (int i = from; i < size; i++) {
            if (ids[i] == UNKNOWN && names[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    final void append(int id, String name, @Nullable String value) {
        if (size == ids.length) {
            int capacity = Math.max(LEAST_ROOM, size * 2);
            names = Arrays.copyOf(names, capacity);
            values = Arrays.copyOf(values, capacity);
            ids = Arrays.copyOf(ids, capacity);
        }
        names[size] = name;
        values[size] = value;
        ids[size] = id;
        size++;
        if (id != UNKNOWN) {
            present |= 1L << id;
        }
    }

    final void removeKnown(KnownHeader header) {
        removeFrom(header, 0);
        present &= ~header.bit();
    }

    final void removeFrom(KnownHeader header, int from) {
        for (int i = indexOf(header, from); i >= 0; i = indexOf(header, i)) {
            removeAt(i);
        }
    }

    final void removeFrom(String name, int from) {
        for (int i = indexOf(name, from); i >= 0; i = indexOf(name, i)) {
            removeAt(i);
        }
    }

    final void removeAt(int index) {
        int behind = size - index - 1;
        System.arraycopy(names, index + 1, names, index, behind);
        System.arraycopy(values, index + 1, values, index, behind);
        System.arraycopy(ids, index + 1, ids, index, behind);
        size--;
        names[size] = "";
        values[size] = null;
    }
}
