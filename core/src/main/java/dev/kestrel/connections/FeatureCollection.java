package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a connection or a request can do beyond the common, found by type. A collection may have a
 * parent, which answers for what the collection itself does not have: the features of a request
 * fall through to those of its connection.
 *
 * <p>Not safe for several threads at once.
 */
public final class FeatureCollection {

    private static final @Nullable Object[] NONE = {};

    /** Room for the six features that a connection over a socket has. */
    private static final int FIRST_SIZE = 12;

    private final @Nullable FeatureCollection parent;

    /**
     * Types, each followed by its feature: there are few, and every idle connection has several.
     */
    private @Nullable Object[] features = NONE;

    /** How much of the array is used. */
    private int used;

    /** Makes an empty collection. */
    public FeatureCollection() {
        this(null);
    }

    /**
     * Makes an empty collection over another.
     *
     * @param parent who answers for what is not here
     */
    public FeatureCollection(@Nullable FeatureCollection parent) {
        this.parent = parent;
    }

    /**
     * Finds a feature.
     *
     * @param <T> its type
     * @param type its type, the same that {@link #set} was called with
     * @return the feature, or {@code null} when there is none
     */
    public <T> @Nullable T get(Class<T> type) {
        int at = find(type);
        if (at >= 0) {
            return type.cast(features[at + 1]);
        }
        return parent == null ? null : parent.get(type);
    }

    /**
     * Sets or removes a feature.
     *
     * @param <T> its type
     * @param type the type under which it is found
     * @param feature the feature; {@code null} removes it here (a parent may still have one)
     */
    public <T> void set(Class<T> type, @Nullable T feature) {
        Objects.requireNonNull(type, "type");
        int at = find(type);
        if (feature == null) {
            if (at >= 0) {
                remove(at);
            }
            return;
        }
        if (at < 0) {
            at = used;
            if (at == features.length) {
                features = Arrays.copyOf(features, Math.max(FIRST_SIZE, at + at / 4 * 2));
            }
        }
        features[at] = type;
        features[at + 1] = feature;
        used = Math.max(used, at + 2);
    }

    private void remove(int at) {
        used -= 2;
        features[at] = features[used];
        features[at + 1] = features[used + 1];
        Arrays.fill(features, used, used + 2, null);
    }

    private int find(Class<?> type) {
        for (int i = 0; i < used; i += 2) {
            if (features[i] == type) {
                return i;
            }
        }
        return -1;
    }

    /** Removes all features of this collection; those of the parent stay. */
    public void clear() {
        Arrays.fill(features, 0, used, null);
        used = 0;
    }
}
