package dev.kestrel.connections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.Serializable;
import java.util.List;

/** "What a connection or a request can do beyond the common, found by type." */
class FeatureCollectionTest {

    private final FeatureCollection parent = new FeatureCollection();
    private final FeatureCollection features = new FeatureCollection(parent);

    @Test
    void aFeatureIsFoundByTheTypeThatItWasSetWith() {
        features.set(CharSequence.class, "text");
        assertThat(features.get(CharSequence.class)).isEqualTo("text");
        assertThat(features.get(String.class)).isNull();
        features.set(CharSequence.class, "another");
        assertThat(features.get(CharSequence.class)).isEqualTo("another");
    }

    @Test
    void theParentAnswersForWhatIsNotHere() {
        parent.set(String.class, "parent's");
        parent.set(Integer.class, 1);
        features.set(String.class, "own");
        assertThat(features.get(String.class)).isEqualTo("own");
        assertThat(features.get(Integer.class)).isEqualTo(1);
        features.set(String.class, null);
        assertThat(features.get(String.class)).isEqualTo("parent's");
    }

    @Test
    void anyOfManyIsFoundAndRemoved() {
        NumberFormatException feature = new NumberFormatException();
        List<Class<? super NumberFormatException>> types =
                List.of(
                        Object.class,
                        Serializable.class,
                        Throwable.class,
                        Exception.class,
                        RuntimeException.class,
                        IllegalArgumentException.class,
                        NumberFormatException.class);
        for (Class<? super NumberFormatException> removed : types) {
            types.forEach(type -> features.set(type, feature));
            features.set(removed, null);
            for (Class<? super NumberFormatException> type : types) {
                assertThat(features.get(type)).isSameAs(type == removed ? null : feature);
            }
        }
        features.clear();
        types.forEach(type -> assertThat(features.get(type)).isNull());
    }
}
