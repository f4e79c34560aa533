package dev.kestrel.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.PipeOptions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** Records as an engine could take them, whatever they hold. */
class TlsSourceTest {

    private final StubEngine engine = new StubEngine();
    private Pipe transport;
    private TlsSource source;

    @BeforeEach
    void start() {
        transport = new Pipe(new MemoryPool(), new PipeOptions(1 << 20, 1 << 19));
        TlsBufferPool buffers = new TlsBufferPool(false, 1 << 30);
        source =
                new TlsSource(
                        engine,
                        transport.reader(),
                        new TlsRecordReader(transport.reader(), buffers),
                        buffers);
    }

    private void send(int... contentLengths) throws IOException {
        send((byte) 23, contentLengths);
    }

    private void send(byte type, int... contentLengths) throws IOException {
        for (int length : contentLengths) {
            byte[] record = new byte[5 + length];
            record[0] = type;
            record[3] = (byte) (length >> 8);
            record[4] = (byte) length;
            transport.writer().write(record, 0, record.length);
        }
        transport.writer().flush();
    }

    /** Empty records and updates of keys cost a decryption each and bring nothing. */
    @Test
    void recordsThatBringNothingAreLimited() throws IOException {
        for (int i = 0; i < 64; i++) {
            send(0);
        }
        send(1);
        assertThat(source.read(ByteBuffer.allocate(10))).isEqualTo(1);
        send(0, 1);
        assertThatThrownBy(() -> source.read(ByteBuffer.allocate(10)))
                .isInstanceOf(ConnectionResetException.class)
                .hasMessageContaining("bring nothing");
    }

    @Test
    void contentPaysForRecordsThatBringNothing() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(16 * 1024);
        for (int i = 0; i < 200; i++) {
            send(0, 16 * 1024);
            assertThat(source.read(target.clear())).isEqualTo(16 * 1024);
        }
    }

    /** The JDK's engine works on all of them at once, and each costs new ciphers. */
    @Test
    void aRecordFullOfUpdatesOfKeysCountsAsMany() throws IOException {
        send(StubEngine.HANDSHAKE, 16 * 1024);
        send(1);
        assertThatThrownBy(() -> source.read(ByteBuffer.allocate(10)))
                .isInstanceOf(ConnectionResetException.class)
                .hasMessageContaining("bring nothing");
    }

    /** TLS 1.2 has no such messages, and its empty records may be long. */
    @Test
    void anEmptyRecordOfTls12CountsAsOne() throws IOException {
        engine.protocol = "TLSv1.2";
        for (int i = 0; i < 64; i++) {
            send(StubEngine.HANDSHAKE, 80);
        }
        send(1);
        assertThat(source.read(ByteBuffer.allocate(10))).isEqualTo(1);
    }

    /** What an engine keeps to say it, with a cipher each, must not grow with an upload. */
    @Test
    void contentDoesNotPayForUpdatesOfKeysThatNothingAnswers() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(16 * 1024);
        engine.status = HandshakeStatus.NEED_WRAP;
        for (int i = 0; i < 16; i++) {
            send(StubEngine.HANDSHAKE, 22);
            send(16 * 1024);
            assertThat(source.read(target.clear())).isEqualTo(16 * 1024);
        }
        send(StubEngine.HANDSHAKE, 22);
        assertThatThrownBy(() -> source.read(target.clear()))
                .isInstanceOf(ConnectionResetException.class)
                .hasMessageContaining("wait for their answer");
    }

    @Test
    void updatesOfKeysThatAreAnsweredArePaidForByContent() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(16 * 1024);
        for (int i = 0; i < 200; i++) {
            engine.status = HandshakeStatus.NEED_WRAP;
            send(StubEngine.HANDSHAKE, 22);
            send(16 * 1024);
            assertThat(source.read(target.clear())).isEqualTo(16 * 1024);
            engine.status = HandshakeStatus.NOT_HANDSHAKING;
            send(1);
            assertThat(source.read(target.clear())).isEqualTo(1);
        }
    }

    /** RFC 9113 section 9.2.1; and it costs the server more than the client. */
    @Test
    void aSecondHandshakeIsRefused() throws IOException {
        engine.status = HandshakeStatus.NEED_TASK;
        send(0);
        assertThatThrownBy(() -> source.read(ByteBuffer.allocate(10)))
                .isInstanceOf(ConnectionResetException.class)
                .hasMessageContaining("negotiate anew");
    }

    /** It ends both directions of some engines. */
    @Test
    void whatMayBeCloseNotifyIsLeftUntilMoreIsWanted() throws IOException {
        send(1000, 2);
        ByteBuffer target = ByteBuffer.allocate(16 * 1024);
        assertThat(source.read(target)).isEqualTo(1000);
        assertThat(source.available()).isPositive();
        assertThat(source.read(target)).isEqualTo(2);
    }

    /** "Puts what is there into several buffers, one after the other." */
    @Test
    void recordsThatAreThereAreReadAtOnceAsFarAsTheyFit() throws IOException {
        ByteBuffer[] targets = new ByteBuffer[4];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = ByteBuffer.allocate(16 * 1024);
        }
        send(16 * 1024, 1000, 16 * 1024, 16 * 1024, 16 * 1024);
        assertThat(source.readNow(targets, 4)).isEqualTo(3 * 16 * 1024 + 1000);
        assertThat(targets[3].position()).isEqualTo(1000);
        assertThat(source.available()).isPositive();
        assertThat(source.read(targets[0].clear())).isEqualTo(16 * 1024);
        assertThat(source.available()).isZero();
    }

    @Test
    void aFullRecordFitsIntoABlock() throws IOException {
        send(16 * 1024);
        assertThat(source.read(ByteBuffer.allocate(16 * 1024))).isEqualTo(16 * 1024);
        assertThat(source.available()).isZero();
    }

    @Test
    void whatCameBeforeABrokenRecordIsReadFirst() throws IOException {
        engine.status = HandshakeStatus.NEED_TASK;
        send(1000, 1000);
        send(StubEngine.HANDSHAKE, 300);
        ByteBuffer target = ByteBuffer.allocate(16 * 1024);
        assertThat(source.read(target)).isEqualTo(2000);
        assertThat(source.available()).isPositive();
        assertThatThrownBy(() -> source.read(target.clear()))
                .isInstanceOf(ConnectionResetException.class);
        assertThatThrownBy(() -> source.read(target.clear()))
                .isInstanceOf(ConnectionResetException.class);
    }

    @Test
    void itWaitsForARecordWithoutMemoryToPutItInto() throws IOException {
        send(1000);
        assertThat(source.awaitInput()).isTrue();
        assertThat(source.read(ByteBuffer.allocate(16 * 1024))).isEqualTo(1000);
        transport.writer().complete();
        assertThat(source.awaitInput()).isTrue();
        assertThatThrownBy(() -> source.read(ByteBuffer.allocate(10)))
                .isInstanceOf(ConnectionResetException.class);
    }

    @Test
    void whatDoesNotFitIsKept() throws IOException {
        send(1000);
        ByteBuffer target = ByteBuffer.allocate(300);
        int all = source.read(target);
        while (all < 1000) {
            assertThat(source.available()).isPositive();
            all += source.read(target.clear());
        }
        assertThat(all).isEqualTo(1000);
        assertThat(source.available()).isZero();
    }

    /** "The length MUST NOT exceed 2^14 + 2048 bytes." (RFC 5246 section 6.2.3.) */
    @Test
    void aRecordThatIsTooLongIsRefusedByItsHeader() throws IOException {
        byte[] header = {23, 3, 3, (byte) 0x48, 1};
        transport.writer().write(header, 0, header.length);
        transport.writer().flush();
        assertThatThrownBy(() -> source.read(ByteBuffer.allocate(10)))
                .isInstanceOf(ConnectionResetException.class)
                .hasMessageContaining("too long");
    }

    /** RFC 8446 section 6.1. */
    @Test
    void anEndWithoutCloseNotifyIsNoEnd() throws IOException {
        transport.writer().complete();
        assertThatThrownBy(() -> source.read(ByteBuffer.allocate(10)))
                .isInstanceOf(ConnectionResetException.class);
    }

    @Test
    void aCancelledReadIsTheEnd() throws IOException {
        transport.reader().cancelPendingRead();
        assertThat(source.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }
}
