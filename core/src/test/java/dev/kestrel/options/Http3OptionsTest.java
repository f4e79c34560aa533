package dev.kestrel.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.function.Consumer;

/** "Everything is set by builders that check ranges and name what is wrong." */
class Http3OptionsTest {

    private static final Map<String, Consumer<Http3LimitsBuilder>> TOO_LITTLE =
            Map.ofEntries(
                    Map.entry("maxStreamsPerConnection", l -> l.maxStreamsPerConnection(0)),
                    Map.entry("headerTableSize", l -> l.headerTableSize(-1)),
                    Map.entry("maxBlockedStreams", l -> l.maxBlockedStreams(-1)),
                    Map.entry("maxRequestHeaderFieldSize", l -> l.maxRequestHeaderFieldSize(0)),
                    Map.entry(
                            "initialConnectionWindowSize",
                            l -> l.initialConnectionWindowSize(65534)),
                    Map.entry("initialStreamWindowSize", l -> l.initialStreamWindowSize(65534)),
                    Map.entry("maxStreamResets", l -> l.maxStreamResets(0)),
                    Map.entry("maxControlFrames", l -> l.maxControlFrames(-2)),
                    Map.entry("maxLiveHeaderBytes", l -> l.maxLiveHeaderBytes(0)));

    @Test
    void whatIsOutOfRangeIsNamedWithItsRange() {
        TOO_LITTLE.forEach(
                (name, mistake) ->
                        assertThatThrownBy(() -> mistake.accept(Http3Limits.builder()))
                                .as(name)
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("limits.http3." + name + " must be ")
                                .hasMessageContaining(", not "));
        assertThatThrownBy(() -> Http3Limits.builder().maxBlockedStreams(65536))
                .hasMessageContaining("from 0 to 65535, not 65536");
    }

    @Test
    void whatWasSetIsThere() {
        Http3Limits limits =
                Http3Limits.builder()
                        .maxStreamsPerConnection(1)
                        .headerTableSize(0)
                        .maxBlockedStreams(2)
                        .maxRequestHeaderFieldSize(3)
                        .initialConnectionWindowSize(70_000)
                        .initialStreamWindowSize(80_000)
                        .maxStreamResets(KestrelServerLimits.UNLIMITED)
                        .maxControlFrames(4)
                        .maxLiveHeaderBytes(5)
                        .build();
        assertThat(limits.maxStreamsPerConnection()).isEqualTo(1);
        assertThat(limits.headerTableSize()).isZero();
        assertThat(limits.maxBlockedStreams()).isEqualTo(2);
        assertThat(limits.maxRequestHeaderFieldSize()).isEqualTo(3);
        assertThat(limits.initialConnectionWindowSize()).isEqualTo(70_000);
        assertThat(limits.initialStreamWindowSize()).isEqualTo(80_000);
        assertThat(limits.maxStreamResets()).isEqualTo(-1);
        assertThat(limits.maxControlFrames()).isEqualTo(4);
        assertThat(limits.maxLiveHeaderBytes()).isEqualTo(5);
    }
}
