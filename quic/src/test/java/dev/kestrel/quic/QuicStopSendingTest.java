package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.connections.multiplexed.StreamContext;

import io.netty.handler.codec.quic.QuicStreamType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Clients that want nothing more of a stream (STOP_SENDING, RFC 9000 section 3.5). */
@Timeout(60)
class QuicStopSendingTest extends OneQuicConnection {

    /** Writes from a thread of its own until that fails; returns after so many flushes. */
    private static CompletableFuture<IOException> writeForEver(StreamContext stream, int flushes)
            throws InterruptedException {
        CompletableFuture<IOException> failure = new CompletableFuture<>();
        CountDownLatch many = new CountDownLatch(flushes);
        Thread.startVirtualThread(
                () -> {
                    try {
                        while (true) {
                            stream.transport().output().write(new byte[16 * 1024]);
                            stream.transport().output().flush();
                            many.countDown();
                        }
                    } catch (IOException e) {
                        failure.complete(e);
                    }
                });
        many.await();
        return failure;
    }

    /**
     * What the server has asked the loop for before this was done, once the client has an answer.
     */
    private void awaitTurnOfTheLoop() throws Exception {
        TestQuicStream request = client.open();
        request.send("go", true);
        StreamContext stream = acceptStream();
        stream.transport().output().write(1);
        stream.transport().output().complete();
        assertThat(request.readAll()).hasSize(1);
        stream.close();
    }

    private static void assertStopped(StreamContext stream) throws InterruptedException {
        stream.closed().await();
        assertThat(stream.closed().cause())
                .isInstanceOfSatisfying(
                        StreamResetException.class,
                        e -> {
                            assertThat(e.isByPeer()).isTrue();
                            // The library does not tell which code it was.
                            assertThat(e.errorCode()).isEqualTo(0x10c);
                        });
        stream.transport().output().write(1);
        assertThatThrownBy(() -> stream.transport().output().flush())
                .isInstanceOf(StreamResetException.class);
        stream.close();
    }

    /** "A peer that asks to stop sending is one for whoever writes." */
    @Test
    void theClientWantsNoMoreWhileAWriterWaits() throws Exception {
        TestQuicStream request = client.open(QuicStreamType.BIDIRECTIONAL, false);
        request.send("go", true);
        StreamContext stream = acceptStream();
        CompletableFuture<IOException> failure = writeForEver(stream, 12);
        request.channel.shutdownInput(0x10c);
        assertThat(failure.get()).isInstanceOf(StreamResetException.class);
        assertStopped(stream);
    }

    /** The same while other streams have used up what the client allows the whole connection. */
    @Test
    void theClientWantsNoMoreWhileTheConnectionsWindowIsUsedUp() throws Exception {
        List<TestQuicStream> requests = new ArrayList<>();
        List<StreamContext> streams = new ArrayList<>();
        List<CompletableFuture<IOException>> failures = new ArrayList<>();
        // Five windows of 256 KiB are more than the 1 MiB of the connection.
        for (int i = 0; i < 5; i++) {
            TestQuicStream request = client.open(QuicStreamType.BIDIRECTIONAL, false);
            requests.add(request);
            request.send("go", true);
            StreamContext stream = acceptStream();
            streams.add(stream);
            failures.add(writeForEver(stream, i == 4 ? 1 : 15));
        }
        requests.get(4).channel.shutdownInput(0x10c);
        assertThat(failures.get(4).get()).isInstanceOf(StreamResetException.class);
        assertStopped(streams.get(4));
        for (int i = 0; i < 4; i++) {
            streams.get(i).abort(new ConnectionAbortedException("enough"));
            failures.get(i).get();
            streams.get(i).close();
        }
    }

    /** "Has closed() fire when the peer asks to stop sending while nobody writes." */
    @Test
    void theClientWantsNoMoreWhileNobodyWrites() throws Exception {
        for (boolean answerBegun : List.of(false, true)) {
            TestQuicStream request = client.open();
            request.send("go", true);
            StreamContext stream = acceptStream();
            stream.watchForStop();
            if (answerBegun) {
                stream.transport().output().write(1);
                stream.transport().output().flush();
            }
            awaitTurnOfTheLoop();
            request.channel.shutdownInput(0x10c);
            assertStopped(stream);
        }
    }

    /** What was watched for a stop is sent like anything else. */
    @Test
    void anAnswerInPiecesIsWatchedForAStop() throws Exception {
        TestQuicStream request = client.open();
        request.send("go", true);
        StreamContext stream = acceptStream();
        stream.watchForStop();
        for (int i = 0; i < 20; i++) {
            stream.transport().output().write(new byte[10_000 * i]);
            stream.transport().output().flush();
            stream.watchForStop();
        }
        stream.transport().output().write(1);
        stream.transport().output().complete();
        assertThat(request.readAll()).hasSize(190 * 10_000 + 1);
        stream.closed().await();
        assertThat(stream.closed().cause()).isNull();
        stream.close();
    }

    /** Whoever writes after all of it is over is told, and does not wait for ever. */
    @Test
    void theClientHasWantedNoMoreForAWhile() throws Exception {
        TestQuicStream request = client.open();
        request.send("go", true);
        StreamContext stream = acceptStream();
        assertThat(TestQuicServer.readAll(stream.transport().input())).hasSize(2);
        request.channel.shutdownInput(0x10c).sync();
        // The server has answered with a reset, and the client has acknowledged that.
        for (int i = 0; i < 10; i++) {
            TestQuicStream other = client.open();
            other.send("time passes", true);
            TestQuicServer.echo(acceptStream());
            assertThat(other.text()).isEqualTo("time passes");
        }
        // A small flush does not wait.
        stream.transport().output().write(new byte[1_000_000]);
        assertThatThrownBy(() -> stream.transport().output().flush())
                .isInstanceOf(StreamResetException.class);
        assertStopped(stream);
    }
}
