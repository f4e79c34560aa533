package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** "Everything is set by builders that check ranges and name what is wrong." */
@Timeout(60)
class QuicTransportOptionsTest {

    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final Map<String, Consumer<QuicTransportOptions.Builder>> MISTAKES =
            Map.ofEntries(
                    Map.entry(
                            "maxBidirectionalStreamCount must be from 0 to 65535, not -1",
                            o -> o.maxBidirectionalStreamCount(-1)),
                    Map.entry(
                            "maxUnidirectionalStreamCount must be from 0 to 65535, not 65536",
                            o -> o.maxUnidirectionalStreamCount(65_536)),
                    Map.entry(
                            "maxReadBufferSize must be 16384 or more, not 1",
                            o -> o.maxReadBufferSize(1)),
                    Map.entry(
                            "maxWriteBufferSize must be 4096 or more, not 1",
                            o -> o.maxWriteBufferSize(1)),
                    Map.entry("backlog must be 1 or more, not 0", o -> o.backlog(0)),
                    Map.entry(
                            "defaultStreamErrorCode must be from 0 to 2147483647, not -1",
                            o -> o.defaultStreamErrorCode(-1)),
                    Map.entry(
                            "defaultCloseErrorCode must be from 0 to 2147483647, not 2147483648",
                            o -> o.defaultCloseErrorCode(1L << 31)),
                    Map.entry(
                            "idleTimeout must be zero or more, not PT-1S",
                            o -> o.idleTimeout(Duration.ofSeconds(-1))),
                    Map.entry(
                            "drainTimeout must be zero or more, not PT-1S",
                            o -> o.drainTimeout(Duration.ofSeconds(-1))),
                    Map.entry("loopCount must be from 0 to 64, not 65", o -> o.loopCount(65)),
                    Map.entry(
                            "maxPendingHandshakes must be 1 or more, not 0",
                            o -> o.maxPendingHandshakes(0)),
                    Map.entry(
                            "retryThreshold must be 0 or more, not -1", o -> o.retryThreshold(-1)),
                    Map.entry(
                            "retryTokenLifetime must be longer than zero, not PT0S",
                            o -> o.retryTokenLifetime(Duration.ZERO)));

    @Test
    void whatIsOutOfRangeIsNamedWithItsRange() {
        MISTAKES.forEach(
                (message, mistake) -> {
                    QuicTransportOptions.Builder options = QuicTransportOptions.builder();
                    mistake.accept(options);
                    assertThatThrownBy(options::build)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("quic." + message);
                });
    }

    /** Times have no upper bound: one that no clock reaches is for ever. */
    @Test
    void timesMayBeForEver() throws Exception {
        QuicTransportOptions.Builder options =
                QuicTransportOptions.builder()
                        .idleTimeout(FOR_EVER)
                        .drainTimeout(FOR_EVER)
                        .retryThreshold(0)
                        .retryTokenLifetime(FOR_EVER);
        try (TestQuicServer server = new TestQuicServer().options(options)) {
            server.hosts.handshakeTimeout = FOR_EVER;
            server.start();
            try (TestQuicClient client = TestQuicClient.connect(server.address());
                    MultiplexedConnectionContext connection = server.accept()) {
                TestQuicStream request = client.open();
                request.send("hello", true);
                TestQuicServer.echo(TestQuicServer.acceptStream(connection));
                assertThat(request.text()).isEqualTo("hello");
            }
        }
    }
}
