package dev.kestrel.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import io.netty.handler.codec.quic.QuicStreamType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Streams over the loopback interface, with Netty's client on the other side. */
@Timeout(60)
class QuicStreamsTest extends OneQuicConnection {

    private static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void aRequestAndItsAnswer() throws Exception {
        TestQuicStream request = client.open();
        request.send("ping", true);
        StreamContext stream = acceptStream();
        assertThat(stream.streamId()).isEqualTo(request.id());
        assertThat(stream.canRead()).isTrue();
        assertThat(stream.canWrite()).isTrue();
        assertThat(text(TestQuicServer.readAll(stream.transport().input()))).isEqualTo("ping");
        stream.transport().output().write("pong".getBytes(StandardCharsets.UTF_8));
        stream.transport().output().complete();
        assertThat(request.text()).isEqualTo("pong");
        stream.closed().await();
        assertThat(stream.closed().cause()).isNull();
        stream.close();
    }

    /** "A direction that the stream does not have has ended from the start." */
    @Test
    void theClientOpensAUnidirectionalStream() throws Exception {
        TestQuicStream stream = client.open(QuicStreamType.UNIDIRECTIONAL, false);
        stream.send("settings", true);
        StreamContext accepted = acceptStream();
        assertThat(accepted.canRead()).isTrue();
        assertThat(accepted.canWrite()).isFalse();
        assertThat(text(TestQuicServer.readAll(accepted.transport().input())))
                .isEqualTo("settings");
        accepted.transport().output().write('x');
        assertThatThrownBy(() -> accepted.transport().output().flush())
                .isInstanceOf(IOException.class);
        accepted.close();
    }

    @Test
    void theServerOpensAUnidirectionalStream() throws Exception {
        StreamContext stream = connection.openUnidirectionalStream();
        assertThat(stream.canRead()).isFalse();
        assertThat(stream.canWrite()).isTrue();
        assertThat(stream.transport().input().read().isCompleted()).isTrue();
        stream.transport().output().write("control".getBytes(StandardCharsets.UTF_8));
        stream.transport().output().complete();
        assertThat(client.opened.take().text()).isEqualTo("control");
        stream.close();
    }

    /**
     * "Opens a stream on which this side alone sends. Waits while the peer allows no further one."
     */
    @Test
    void openingWaitsForTheClientToAllowAStream() throws Exception {
        List<StreamContext> streams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            StreamContext stream = connection.openUnidirectionalStream();
            stream.transport().output().write("s".getBytes(StandardCharsets.UTF_8));
            stream.transport().output().flush();
            streams.add(stream);
        }
        CompletableFuture<StreamContext> fourth = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        fourth.complete(connection.openUnidirectionalStream());
                    } catch (IOException e) {
                        fourth.completeExceptionally(e);
                    }
                });
        for (StreamContext stream : streams) {
            stream.transport().output().write("!".getBytes(StandardCharsets.UTF_8));
            stream.transport().output().complete();
            assertThat(client.opened.take().text()).isEqualTo("s!");
            stream.close();
        }
        fourth.get().close();
    }

    @Test
    void aHundredStreamsAtOnce() throws Exception {
        List<TestQuicStream> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            TestQuicStream request = client.open();
            request.send(bytes(20_000, i), false);
            requests.add(request);
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                StreamContext stream = acceptStream();
                threads.submit(
                        () -> {
                            TestQuicServer.echo(stream);
                            return null;
                        });
            }
            for (int i = 0; i < 100; i++) {
                requests.get(i).send(bytes(1000, 1000 + i), true);
            }
            for (int i = 0; i < 100; i++) {
                byte[] answer = requests.get(i).readAll();
                assertThat(answer).hasSize(21_000).startsWith(bytes(20_000, i));
            }
        }
    }

    @Test
    void muchDataBothWays() throws Exception {
        byte[] body = bytes(8 * 1024 * 1024, 1);
        TestQuicStream request = client.open();
        request.send(body, true);
        TestQuicServer.echo(acceptStream());
        assertThat(request.readAll()).isEqualTo(body);
    }

    /**
     * "Whoever writes waits": a client that does not read stalls the server, with little memory.
     */
    @Test
    void aClientThatDoesNotReadStallsTheServer() throws Exception {
        TestQuicStream request = client.open(QuicStreamType.BIDIRECTIONAL, false);
        request.send("go", true);
        StreamContext stream = acceptStream();
        byte[] chunk = bytes(16 * 1024, 2);
        int chunks = 256;
        CountDownLatch many = new CountDownLatch(12); // 192 KiB: less than the window of 256
        CompletableFuture<Void> writer = new CompletableFuture<>();
        List<Integer> written = new ArrayList<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        for (int i = 0; i < chunks; i++) {
                            stream.transport().output().write(chunk);
                            stream.transport().output().flush();
                            synchronized (written) {
                                written.add(i);
                            }
                            many.countDown();
                        }
                        stream.transport().output().write(1);
                        stream.transport().output().complete();
                        writer.complete(null);
                    } catch (IOException e) {
                        writer.completeExceptionally(e);
                    }
                });
        many.await();
        // The client's window, what quiche and the transport hold: far less than all of it.
        assertThat(writer).isNotDone();
        assertThat(server.pool.stats().rented()).isLessThan(32);
        request.startReading();
        assertThat(request.readAll()).hasSize(chunks * chunk.length + 1);
        writer.get();
        stream.close();
    }

    /** "Reads stop above a high-water mark and go on below the low one." */
    @Test
    void aServerThatDoesNotReadStallsTheClient() throws Exception {
        TestQuicStream upload = client.open();
        byte[] body = bytes(16 * 1024 * 1024, 3);
        var sent = upload.send(body, true);
        StreamContext stream = acceptStream();
        // Another stream goes on meanwhile, and shows that time has passed.
        for (int i = 0; i < 50; i++) {
            TestQuicStream other = client.open();
            other.send("still there", true);
            TestQuicServer.echo(acceptStream());
            assertThat(other.text()).isEqualTo("still there");
        }
        assertThat(sent.isDone()).isFalse();
        assertThat(server.pool.stats().rented() * 16 * 1024).isLessThan(1024 * 1024);
        assertThat(TestQuicServer.readAll(stream.transport().input())).isEqualTo(body);
        stream.close();
    }

    /** "A reset by the peer is a StreamResetException for whoever reads." */
    @Test
    void theClientResets() throws Exception {
        TestQuicStream request = client.open();
        request.send("half", false);
        StreamContext stream = acceptStream();
        PipeReader reader = stream.transport().input();
        ReadResult half = reader.read();
        reader.advanceTo(half.buffer().length());
        request.channel.shutdownOutput(0x10c);
        assertThatThrownBy(reader::read)
                .isInstanceOfSatisfying(
                        StreamResetException.class,
                        e -> {
                            assertThat(e.errorCode()).isEqualTo(0x10c);
                            assertThat(e.isByPeer()).isTrue();
                        });
        stream.closed().await();
        assertThat(stream.closed().cause()).isInstanceOf(StreamResetException.class);
        stream.close();
    }

    @Test
    void theServerResets() throws Exception {
        TestQuicStream request = client.open();
        request.send("go", true);
        StreamContext stream = acceptStream();
        stream.transport().output().write(1);
        stream.transport().output().flush();
        ConnectionAbortedException reason = new ConnectionAbortedException("enough");
        stream.abortWrite(0x123, reason);
        assertThat(request.resetCode()).isEqualTo(0x123);
        stream.transport().output().write(1);
        assertThatThrownBy(() -> stream.transport().output().flush()).isSameAs(reason);
        stream.close();
    }

    @Test
    void theServerWantsNoMore() throws Exception {
        TestQuicStream request = client.open();
        request.send("go", false);
        StreamContext stream = acceptStream();
        ConnectionAbortedException reason = new ConnectionAbortedException("enough");
        stream.abortRead(0x124, reason);
        stream.closed().await();
        assertThatThrownBy(() -> stream.transport().input().read()).isSameAs(reason);
        // Netty's client does not tell the code; it sees that nothing can be sent any more.
        byte[] chunk = bytes(16 * 1024, 5);
        boolean stopped = false;
        while (!stopped) {
            stopped = !request.send(chunk, false).awaitUninterruptibly().isSuccess();
        }
        stream.transport().output().write("so what".getBytes(StandardCharsets.UTF_8));
        stream.transport().output().complete();
        assertThat(request.text()).isEqualTo("so what");
        stream.close();
    }

    /** Sends all of it from a thread of its own. */
    private static CompletableFuture<Void> answer(StreamContext stream, byte[] body) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        stream.transport().output().write(body);
                        stream.transport().output().complete();
                        sent.complete(null);
                    } catch (RuntimeException e) {
                        sent.completeExceptionally(e);
                    }
                });
        return sent;
    }

    /**
     * RFC 9218 section 10: streams of a smaller urgency value are sent before those of a greater.
     */
    @ParameterizedTest
    @CsvSource({"3, 0", "7, 3", "3, 2", "6, 5"})
    void anUrgentAnswerOvertakesABigOne(int ofTheBigOne, int ofTheUrgentOne) throws Exception {
        int window = 128 * 1024;
        try (TestQuicClient slow =
                        new TestQuicClient.Builder()
                                .codec(codec -> codec.initialMaxData(window))
                                .connect(server.address());
                MultiplexedConnectionContext accepted = server.accept()) {
            TestQuicStream big = slow.open(QuicStreamType.BIDIRECTIONAL, false);
            big.send("go", true);
            StreamContext bigAnswer = TestQuicServer.acceptStream(accepted);
            TestQuicStream urgent = slow.open(QuicStreamType.BIDIRECTIONAL, false);
            urgent.send("go", true);
            StreamContext urgentAnswer = TestQuicServer.acceptStream(accepted);
            bigAnswer.priority(ofTheBigOne, true);
            urgentAnswer.priority(ofTheUrgentOne, true);
            answer(bigAnswer, bytes(4_000_000, 8)).get();
            answer(urgentAnswer, bytes(600_000, 9)).get();
            // The window was used up by the big one before the other came. In turns it would get
            // as much meanwhile as the other does.
            CompletableFuture<Integer> meanwhile = big.receivedAtEndOf(urgent);
            big.startReading();
            urgent.startReading();
            assertThat(urgent.readAll()).hasSize(600_000);
            assertThat(meanwhile.get()).isLessThan(window + 500_000);
            assertThat(big.readAll()).hasSize(4_000_000);
            bigAnswer.close();
            urgentAnswer.close();
        }
    }

    /** "A direction that has not come to its end is aborted with the transport's own code." */
    @Test
    void closingAnUnfinishedStreamResetsIt() throws Exception {
        TestQuicStream request = client.open();
        request.send("go", false);
        StreamContext stream = acceptStream();
        stream.transport().output().write(1);
        stream.transport().output().flush();
        stream.close();
        assertThat(request.resetCode()).isEqualTo(0x10c);
    }

    /** "Releases what the stream holds, and its place among those that the peer may open." */
    @Test
    void placesOfStreamsThatAreOverAreFree() throws Exception {
        for (int i = 0; i < 350; i++) {
            TestQuicStream request = client.open();
            request.send("go", true);
            TestQuicServer.echo(acceptStream());
            assertThat(request.text()).isEqualTo("go");
        }
    }
}
