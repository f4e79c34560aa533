package dev.kestrel.connections.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionRestFeature;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** A socket's connection in a rest: "The pipes are not kept while it rests". */
@Timeout(60)
class SocketRestTest {

    private final CountDownLatch awake = new CountDownLatch(1);
    private SocketPair pair;

    @BeforeEach
    void connect() throws IOException {
        pair = new SocketPair(SocketThreads.LOOPS);
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        pair.close();
    }

    private void rest() {
        ConnectionRestFeature transport =
                Objects.requireNonNull(pair.server.features().get(ConnectionRestFeature.class));
        assertThat(transport.rest(awake::countDown)).isTrue();
    }

    private void exchange(String text) throws IOException {
        send(text);
        assertThat(pair.receive(text.length())).isEqualTo(text.getBytes(US_ASCII));
        pair.output().write(text.getBytes(US_ASCII));
        pair.output().flush();
        assertThat(pair.client.getInputStream().readNBytes(text.length()))
                .isEqualTo(text.getBytes(US_ASCII));
    }

    private void send(String text) throws IOException {
        pair.client.getOutputStream().write(text.getBytes(US_ASCII));
    }

    @Test
    void thePipesOfARestAreOthersThanThoseBefore() throws Exception {
        exchange("one");
        PipeReader input = pair.input();
        PipeWriter output = pair.output();
        String name = pair.server.connectionId();
        rest();
        send("two");
        awake.await();
        assertThat(pair.receive(3)).isEqualTo("two".getBytes(US_ASCII));
        exchange("three");
        assertThat(pair.input()).isNotSameAs(input);
        assertThat(pair.output()).isNotSameAs(output);
        assertThat(pair.server.connectionId()).isEqualTo(name);
    }

    /** "Reads what is there, without waiting for it." */
    @Test
    void whetherThereIsInputIsFoundOutWithoutWaiting() throws Exception {
        ConnectionRestFeature transport =
                Objects.requireNonNull(pair.server.features().get(ConnectionRestFeature.class));
        assertThat(transport.readNow()).isFalse();
        assertThat(transport.readNow()).isFalse();
        rest();
        send("one");
        awake.await();
        assertThat(transport.readNow()).isTrue();
        assertThat(transport.readNow()).as("what is there is not looked for again").isTrue();
        assertThat(pair.receive(3)).isEqualTo("one".getBytes(US_ASCII));
        assertThat(transport.readNow()).isFalse();
        send("two");
        assertThat(pair.receive(3)).isEqualTo("two".getBytes(US_ASCII));
        pair.client.shutdownOutput();
        ReadResult end = pair.input().read();
        assertThat(end.isCompleted()).isTrue();
        assertThat(transport.readNow()).isTrue();
    }

    /** What nobody has flushed yet goes with the next flush. */
    @Test
    void aWriterThatHasBytesIsKept() throws Exception {
        pair.output().write("late".getBytes(US_ASCII));
        rest();
        send("go on");
        awake.await();
        pair.output().flush();
        assertThat(pair.client.getInputStream().readNBytes(4)).isEqualTo("late".getBytes(US_ASCII));
    }

    /** "Whoever has the reader in hand still can end the rest" */
    @Test
    void cancellingTheReaderOfBeforeEndsARest() throws Exception {
        PipeReader input = pair.input();
        rest();
        input.cancelPendingRead();
        awake.await();
        assertThat(pair.input().read().isCompleted()).isTrue();
    }

    @Test
    void cancellingTheNextReaderEndsARest() throws Exception {
        rest();
        pair.input().cancelPendingRead();
        awake.await();
        ReadResult result = pair.input().read();
        assertThat(result.isCanceled()).isTrue();
        pair.input().advanceTo(0);
        assertThat(pair.input().read().isCompleted()).isTrue();
    }

    /** "nobody else may read from the source before the next read here has" */
    @Test
    void readingAheadThatIsAskedForInARestWaitsForTheNextRead() throws Exception {
        rest();
        pair.readAhead().start();
        send("two");
        awake.await();
        assertThat(pair.receive(3)).isEqualTo("two".getBytes(US_ASCII));
        pair.client.shutdownOutput();
        pair.readAhead().peerGone().await();
        pair.readAhead().stop();
    }

    @Test
    void anAbortEndsARest() throws Exception {
        exchange("one");
        rest();
        pair.server.abort(new ConnectionAbortedException("The test says so"));
        awake.await();
        assertThat(pair.server.closed().isFired()).isTrue();
    }
}
