package dev.kestrel.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** "Everything is set by builders that check ranges and name what is wrong." */
class Http2OptionsTest {

    private static final Map<String, Consumer<Http2LimitsBuilder>> TOO_LITTLE =
            Map.ofEntries(
                    Map.entry("maxStreamsPerConnection", l -> l.maxStreamsPerConnection(0)),
                    Map.entry("headerTableSize", l -> l.headerTableSize(-1)),
                    Map.entry("maxFrameSize", l -> l.maxFrameSize(16383)),
                    Map.entry("maxRequestHeaderFieldSize", l -> l.maxRequestHeaderFieldSize(0)),
                    Map.entry(
                            "initialConnectionWindowSize",
                            l -> l.initialConnectionWindowSize(65534)),
                    Map.entry("initialStreamWindowSize", l -> l.initialStreamWindowSize(65534)),
                    Map.entry("keepAlivePingDelay", l -> l.keepAlivePingDelay(Duration.ZERO)),
                    Map.entry(
                            "keepAlivePingTimeout",
                            l -> l.keepAlivePingTimeout(Duration.ofMillis(999))),
                    Map.entry("maxEnhanceYourCalmCount", l -> l.maxEnhanceYourCalmCount(-1)),
                    Map.entry("maxStreamResets", l -> l.maxStreamResets(0)),
                    Map.entry("maxControlFrames", l -> l.maxControlFrames(-2)),
                    Map.entry("maxQueuedReplies", l -> l.maxQueuedReplies(0)),
                    Map.entry("maxContinuationFrames", l -> l.maxContinuationFrames(0)),
                    Map.entry("maxLiveHeaderBytes", l -> l.maxLiveHeaderBytes(0)));

    @Test
    void whatIsOutOfRangeIsNamedWithItsRange() {
        TOO_LITTLE.forEach(
                (name, mistake) ->
                        assertThatThrownBy(() -> mistake.accept(Http2Limits.builder()))
                                .as(name)
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("limits.http2." + name + " must be ")
                                .hasMessageContaining(", not "));
        assertThatThrownBy(() -> Http2Limits.builder().maxFrameSize(1 << 24))
                .hasMessageContaining("from 16384 to 16777215, not 16777216");
    }

    @Test
    void whatSwitchesALimitOffIsNamed() {
        assertThatThrownBy(() -> Http2Limits.builder().maxStreamResets(0))
                .hasMessageContaining("-1 for no limit");
        assertThatThrownBy(() -> Http2Limits.builder().maxControlFrames(0))
                .hasMessageContaining("-1 for no limit");
        assertThatThrownBy(() -> Http2Limits.builder().keepAlivePingDelay(Duration.ZERO))
                .hasMessageContaining("FOREVER");
    }

    @Test
    void namesThatCanNeverComeAreNoSecrets() {
        KestrelServerOptions.Builder builder = KestrelServerOptions.builder();
        for (String name : new String[] {"", "x y", ":status", "x\u00e9"}) {
            assertThatThrownBy(() -> builder.neverIndexedHeaders("x-fine", name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("neverIndexedHeaders")
                    .hasMessageContaining("'" + name + "'");
        }
        assertThat(builder.neverIndexedHeaders("X-Secret").build().neverIndexedHeaders())
                .containsExactly("x-secret");
    }
}
