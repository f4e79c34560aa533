package dev.kestrel.connections.sockets;

import static dev.kestrel.connections.sockets.SocketPair.ascii;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.ConnectionResetException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;

/** Reading ahead tells how the peer has ended the connection, and loses nothing. */
@ParameterizedClass
@EnumSource(names = {"PORTABLE", "LOOPS"})
@Timeout(60)
class SocketReadAheadTest {

    private final SocketThreads threads;

    SocketReadAheadTest(SocketThreads threads) {
        this.threads = threads;
    }

    private SocketPair pair;

    @BeforeEach
    void connect() throws IOException {
        pair = new SocketPair(threads);
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        pair.close();
    }

    @Test
    void readingAheadTellsThatThePeerClosed() throws Exception {
        pair.readAhead().start();
        pair.client.close();
        pair.readAhead().peerGone().await();
        assertThat(pair.readAhead().peerGone().cause()).isNull();
    }

    @Test
    void readingAheadTellsThatThePeerBrokeTheConnection() throws Exception {
        pair.readAhead().start();
        pair.client.setSoLinger(true, 0);
        pair.client.close();
        pair.readAhead().peerGone().await();
        assertThat(pair.readAhead().peerGone().cause())
                .isInstanceOf(ConnectionResetException.class);
        pair.server.closed().await();
    }

    @Test
    void readingAheadKeepsWhatCame() throws Exception {
        pair.readAhead().start();
        pair.send("next request");
        pair.client.shutdownOutput();
        pair.readAhead().peerGone().await();
        assertThat(pair.receive(12)).isEqualTo(ascii("next request"));
        assertThat(pair.input().read().isCompleted()).isTrue();
    }

    @Test
    void aConnectionMayBeClosedWhileItReadsAhead() throws Exception {
        pair.readAhead().start();
        pair.output().write(ascii("last"));
        pair.output().flush();
        Thread closing = Thread.startVirtualThread(pair.server::close);
        assertThat(pair.client.getInputStream().readAllBytes()).isEqualTo(ascii("last"));
        pair.client.close();
        closing.join();
    }
}
