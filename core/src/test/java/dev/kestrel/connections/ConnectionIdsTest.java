package dev.kestrel.connections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

/** The names of connections: short, different, in order. */
class ConnectionIdsTest {

    @Test
    void thirteenDigitsInBase32() {
        assertThat(ConnectionIds.format(0)).isEqualTo("0000000000000");
        assertThat(ConnectionIds.format(31)).isEqualTo("000000000000V");
        assertThat(ConnectionIds.format(32)).isEqualTo("0000000000010");
        assertThat(ConnectionIds.format(Long.MAX_VALUE)).isEqualTo("7VVVVVVVVVVVV");
        assertThat(ConnectionIds.format(-1)).isEqualTo("FVVVVVVVVVVVV");
    }

    @Test
    void eachIsAnother() {
        Set<String> seen = new HashSet<>();
        String last = "";
        for (int i = 0; i < 10_000; i++) {
            String id = ConnectionIds.next();
            assertThat(seen.add(id)).isTrue();
            assertThat(id).isGreaterThan(last);
            last = id;
        }
    }
}
