package dev.kestrel.connections.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.time.Duration;

/**
 * RFC 9112 section 9.6: "If a server performs an immediate close of a TCP connection, there is a
 * significant risk that the client will not be able to read the last HTTP response."
 */
@ParameterizedClass
@EnumSource(names = {"PORTABLE", "LOOPS"})
@Timeout(60)
class LingerTest {

    private final SocketThreads threads;

    LingerTest(SocketThreads threads) {
        this.threads = threads;
    }

    @Test
    void theLastResponseArrivesAlthoughInputWasNotRead() throws Exception {
        try (SocketPair pair = new SocketPair(threads)) {
            pair.client.getOutputStream().write(new byte[200_000]);
            pair.output().write(new byte[30_000]);
            pair.output().flush();
            Thread closing = Thread.startVirtualThread(pair.server::close);
            // The client goes on sending before it reads: without lingering it would get a reset.
            pair.client.getOutputStream().write(new byte[200_000]);
            assertThat(pair.client.getInputStream().readAllBytes()).hasSize(30_000);
            pair.client.close();
            closing.join();
        }
    }

    @Test
    void lingeringEndsWithThePeersStream() throws Exception {
        SocketTransportOptions patient = options().lingerTimeout(Duration.ofHours(1)).build();
        try (SocketPair pair = new SocketPair(patient)) {
            pair.output().write(1);
            pair.output().flush();
            Thread closing = Thread.startVirtualThread(pair.server::close);
            assertThat(pair.client.getInputStream().readAllBytes()).hasSize(1);
            pair.client.shutdownOutput();
            closing.join();
        }
    }

    /** "FOREVER switches the timeout off." */
    @Test
    void lingeringForEverEndsWithThePeersStream() throws Exception {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        try (SocketPair pair = new SocketPair(options().lingerTimeout(forEver).build())) {
            pair.output().write(1);
            pair.output().flush();
            pair.client.shutdownOutput();
            pair.server.close();
            assertThat(pair.client.getInputStream().readAllBytes()).hasSize(1);
        }
    }

    @Test
    void lingeringEndsAtItsTimeout() throws Exception {
        SocketTransportOptions hasty = options().lingerTimeout(Duration.ofMillis(50)).build();
        try (SocketPair pair = new SocketPair(hasty)) {
            pair.output().write(1);
            pair.output().flush();
            // Returns although the client neither sends nor closes.
            pair.server.close();
            assertThat(pair.server.closed().isFired()).isTrue();
        }
    }

    @Test
    void lingeringEndsAfterAMegabyte() throws Exception {
        SocketTransportOptions patient = options().lingerTimeout(Duration.ofHours(1)).build();
        try (SocketPair pair = new SocketPair(patient)) {
            pair.output().write(1);
            pair.output().flush();
            Thread flooding =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    OutputStream out = pair.client.getOutputStream();
                                    while (true) {
                                        out.write(new byte[100_000]);
                                    }
                                } catch (SocketException e) {
                                    // The server has had enough.
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            });
            pair.server.close();
            flooding.join();
        }
    }

    @Test
    void aConnectionThatSentNothingHasNothingToLingerFor() throws Exception {
        SocketTransportOptions patient = options().lingerTimeout(Duration.ofHours(1)).build();
        try (SocketPair pair = new SocketPair(patient)) {
            pair.server.close();
            assertThat(pair.client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private SocketTransportOptions.Builder options() {
        return SocketTransportOptions.builder().threads(threads);
    }
}
