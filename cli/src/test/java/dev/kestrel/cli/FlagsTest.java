package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.sockets.SocketThreads;
import dev.kestrel.connections.sockets.SocketTransportOptions;
import dev.kestrel.options.Http2Limits;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.options.KestrelServerLimitsBuilder;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.time.Duration;
import java.util.EnumSet;

/** What the options of the command line become. */
class FlagsTest {

    @Test
    void bothVersionsAreSpokenUnlessOneIsAskedFor() throws CommandFailure {
        assertThat(listen().endPoint(false).build().protocols())
                .containsExactlyInAnyOrder(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);
        assertThat(listen("--protocols", "http1").endPoint(false).build().protocols())
                .containsExactly(HttpVersion.HTTP_1_1);
        assertThat(listen("--protocols", "HTTP2").endPoint(false).build().protocols())
                .containsExactly(HttpVersion.HTTP_2);
        assertThat(listen("--protocols", "http2, http1").endPoint(false).build().protocols())
                .containsExactlyInAnyOrder(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);
    }

    @Test
    void http3IsAddedWhenItIsAskedForOrOffered() throws CommandFailure {
        assertThat(listen("--http3").endPoint(false).build().protocols())
                .isEqualTo(EnumSet.allOf(HttpVersion.class));
        assertThat(listen().endPoint(true).build().protocols())
                .isEqualTo(EnumSet.allOf(HttpVersion.class));
        assertThat(listen("--protocols", "http3,http1").endPoint(false).build().protocols())
                .containsExactlyInAnyOrder(HttpVersion.HTTP_1_1, HttpVersion.HTTP_3);
    }

    /** Nobody is offered HTTP/3 who has said what to speak, or who listens for a proxy. */
    @Test
    void http3IsOfferedWhereItDoesNoHarm() {
        assertThat(listen().allowsHttp3()).isTrue();
        assertThat(listen("--any").allowsHttp3()).isTrue();
        assertThat(listen("--protocols", "http1").allowsHttp3()).isFalse();
        assertThat(listen("--unix", "a.sock").allowsHttp3()).isFalse();
        assertThat(listen("--proxy-protocol-from", "10.0.0.0/8").allowsHttp3()).isFalse();
    }

    @Test
    void limitsOfHttp2AreThoseOfTheirNames() throws CommandFailure {
        Http2Limits limits =
                http2(
                        "--max-streams=7",
                        "--max-stream-resets=8",
                        "--max-frame=32K",
                        "--stream-window=128K",
                        "--connection-window=2M",
                        "--ping-delay=30s",
                        "--ping-timeout=5s");
        assertThat(limits.maxStreamsPerConnection()).isEqualTo(7);
        assertThat(limits.maxStreamResets()).isEqualTo(8);
        assertThat(limits.maxFrameSize()).isEqualTo(32 << 10);
        assertThat(limits.initialStreamWindowSize()).isEqualTo(128 << 10);
        assertThat(limits.initialConnectionWindowSize()).isEqualTo(2 << 20);
        assertThat(limits.keepAlivePingDelay()).isEqualTo(Duration.ofSeconds(30));
        assertThat(limits.keepAlivePingTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void limitsOfHttp2ThatAreNotGivenKeepTheirDefaults() throws CommandFailure {
        Http2Limits limits = http2();
        Http2Limits defaults = Http2Limits.defaults();
        assertThat(limits.maxStreamsPerConnection()).isEqualTo(defaults.maxStreamsPerConnection());
        assertThat(limits.maxStreamResets()).isEqualTo(defaults.maxStreamResets());
        assertThat(limits.maxFrameSize()).isEqualTo(defaults.maxFrameSize());
        assertThat(limits.initialStreamWindowSize()).isEqualTo(defaults.initialStreamWindowSize());
        assertThat(limits.initialConnectionWindowSize())
                .isEqualTo(defaults.initialConnectionWindowSize());
        assertThat(limits.keepAlivePingDelay()).isEqualTo(defaults.keepAlivePingDelay());
        assertThat(limits.keepAlivePingTimeout()).isEqualTo(defaults.keepAlivePingTimeout());
    }

    /** "Who waits for sockets", and "how many loops". */
    @Test
    void threadsAndLoopsAreThoseOfTheSockets() throws CommandFailure {
        SocketTransportOptions defaults = SocketTransportOptions.defaults();
        assertThat(sockets()).isEqualTo(defaults);
        assertThat(sockets("--threads", "portable").threads()).isEqualTo(SocketThreads.PORTABLE);
        SocketTransportOptions loops = sockets("--threads", "loops", "--loops", "3");
        assertThat(loops.threads()).isEqualTo(SocketThreads.LOOPS);
        assertThat(loops.loops()).isEqualTo(3);
    }

    @Test
    void aNumberOfLoopsThatCanNotBeNamesTheFlag() {
        assertThatThrownBy(() -> sockets("--loops", "0"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--loops");
    }

    private static SocketTransportOptions sockets(String... args) throws CommandFailure {
        SocketTransportOptions.Builder sockets = SocketTransportOptions.builder();
        CommandLine cli = new CommandLine(new SocketFlags());
        cli.setCaseInsensitiveEnumValuesAllowed(true);
        cli.parseArgs(args);
        ((SocketFlags) cli.getCommand()).apply(sockets);
        return sockets.build();
    }

    private static ListenFlags listen(String... args) {
        return CommandLine.populateCommand(new ListenFlags(), args);
    }

    private static Http2Limits http2(String... args) throws CommandFailure {
        KestrelServerLimitsBuilder limits = KestrelServerLimits.builder();
        CommandLine.populateCommand(new Http2Flags(), args).apply(limits);
        return limits.build().http2();
    }
}
