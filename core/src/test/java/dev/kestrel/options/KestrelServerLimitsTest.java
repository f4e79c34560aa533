package dev.kestrel.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** "Everything is set by builders that check ranges and name what is wrong." */
class KestrelServerLimitsTest {

    private static final Map<String, Consumer<KestrelServerLimitsBuilder>> TOO_LITTLE =
            Map.ofEntries(
                    Map.entry("maxRequestLineSize", l -> l.maxRequestLineSize(0)),
                    Map.entry("maxRequestHeadersTotalSize", l -> l.maxRequestHeadersTotalSize(0)),
                    Map.entry("maxRequestHeaderCount", l -> l.maxRequestHeaderCount(0)),
                    Map.entry("maxRequestBodySize", l -> l.maxRequestBodySize(-2)),
                    Map.entry("keepAliveTimeout", l -> l.keepAliveTimeout(Duration.ZERO)),
                    Map.entry("requestHeadersTimeout", l -> l.requestHeadersTimeout(Duration.ZERO)),
                    Map.entry(
                            "requestBodyDrainTimeout",
                            l -> l.requestBodyDrainTimeout(Duration.ofSeconds(-1))),
                    Map.entry("lingerTimeout", l -> l.lingerTimeout(Duration.ZERO)),
                    Map.entry("maxConcurrentConnections", l -> l.maxConcurrentConnections(0)),
                    Map.entry(
                            "maxConcurrentUpgradedConnections",
                            l -> l.maxConcurrentUpgradedConnections(-2)),
                    Map.entry("maxRequestBufferSize", l -> l.maxRequestBufferSize(0)),
                    Map.entry("maxResponseBufferSize", l -> l.maxResponseBufferSize(-2)),
                    Map.entry("maxRequestsPerConnection", l -> l.maxRequestsPerConnection(0)),
                    Map.entry("maxChunkExtensionSize", l -> l.maxChunkExtensionSize(-1)));

    @Test
    void whatIsOutOfRangeIsNamedWithItsRange() {
        TOO_LITTLE.forEach(
                (name, mistake) ->
                        assertThatThrownBy(() -> mistake.accept(KestrelServerLimits.builder()))
                                .as(name)
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("limits." + name + " must be ")
                                .hasMessageContaining(", not "));
    }

    @Test
    void whatSwitchesALimitOffIsNamed() {
        assertThatThrownBy(() -> KestrelServerLimits.builder().maxConcurrentConnections(0))
                .hasMessage(
                        "limits.maxConcurrentConnections must be 1 or more, or -1 for no limit,"
                                + " not 0");
        assertThatThrownBy(() -> KestrelServerLimits.builder().lingerTimeout(Duration.ZERO))
                .hasMessage("limits.lingerTimeout must be longer than zero, or FOREVER, not PT0S");
    }

    @Test
    void whatIsOffIsTaken() {
        KestrelServerLimits off =
                KestrelServerLimits.builder()
                        .maxRequestBodySize(KestrelServerLimits.UNLIMITED)
                        .keepAliveTimeout(KestrelServerLimits.FOREVER)
                        .minResponseDataRate(null)
                        .build();
        assertThat(off.maxRequestBodySize()).isEqualTo(KestrelServerLimits.UNLIMITED);
        assertThat(off.keepAliveTimeout()).isEqualTo(KestrelServerLimits.FOREVER);
        assertThat(off.minResponseDataRate()).isNull();
    }

    @Test
    void limitsThatContradictEachOtherAreNamed() {
        assertThatThrownBy(
                        () ->
                                KestrelServerLimits.builder()
                                        .maxRequestLineSize(3)
                                        .maxRequestBufferSize(2)
                                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limits.maxRequestBufferSize (2)")
                .hasMessageContaining("limits.maxRequestLineSize (3)");
    }
}
