package dev.kestrel.connections.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** "Everything is set by builders that check ranges and name what is wrong." */
class SocketTransportOptionsTest {

    private static final Map<String, Consumer<SocketTransportOptions.Builder>> MISTAKES =
            Map.of(
                    "backlog must be 1 or more, not 0",
                    o -> o.backlog(0),
                    "idleBufferSize must be from 64 to 65536, not 63",
                    o -> o.idleBufferSize(63),
                    "maxReadBufferSize must be 1 or more, not 0",
                    o -> o.maxReadBufferSize(0),
                    "maxWriteBufferSize must be 4096 or more, not 4095",
                    o -> o.maxWriteBufferSize(4095),
                    "lingerTimeout must be zero or more, not PT-1S",
                    o -> o.lingerTimeout(Duration.ofSeconds(-1)),
                    "loops must be from 1 to 1024, not 1025",
                    o -> o.loops(1025));

    @Test
    void whatIsOutOfRangeIsNamedWithItsRange() {
        MISTAKES.forEach(
                (message, mistake) -> {
                    SocketTransportOptions.Builder options = SocketTransportOptions.builder();
                    mistake.accept(options);
                    assertThatThrownBy(options::build)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("sockets." + message);
                });
    }

    @Test
    void theEndsOfTheRangesAreTaken() {
        SocketTransportOptions options =
                SocketTransportOptions.builder()
                        .backlog(1)
                        .idleBufferSize(64)
                        .maxReadBufferSize(1)
                        .maxWriteBufferSize(4096)
                        .lingerTimeout(Duration.ZERO)
                        .loops(1024)
                        .build();
        assertThat(options.loops()).isEqualTo(1024);
    }
}
