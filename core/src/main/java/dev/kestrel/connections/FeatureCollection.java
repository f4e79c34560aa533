package dev.kestrel.connections;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a connection or a request can do beyond the common, found by type. A collection may have a
 * parent, which answers for what the collection itself does not have: the features of a request
 * fall through to those of its connection.
 *
 * <p>Not safe for several threads at once.
 */
public final class FeatureCollection {

    private final @Nullable FeatureCollection parent;
    private @Nullable Map<Class<?>, Object> features;

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
        Object feature = features == null ? null : features.get(type);
        if (feature != null) {
            return type.cast(feature);
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
        if (feature == null) {
            if (features != null) {
                features.remove(type);
            }
            return;
        }
        if (features == null) {
            features = new HashMap<>();
        }
        features.put(type, feature);
    }

    /** Removes all features of this collection; those of the parent stay. */
    public void clear() {
        if (features != null) {
            features.clear();
        }
    }
}
