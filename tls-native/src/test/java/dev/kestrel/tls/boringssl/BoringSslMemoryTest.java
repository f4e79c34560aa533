package dev.kestrel.tls.boringssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.tls.TlsEngine;
import dev.kestrel.connections.tls.TlsEngineFactory;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCounted;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Memory that the collector does not have is given back. */
@Timeout(60)
class BoringSslMemoryTest {

    private static final int HANDSHAKES = 2000;

    @Test
    void enginesAreFreedWhenTheyAreClosed() throws GeneralSecurityException, IOException {
        SslContext context = BoringSslContexts.make(Handshakes.settings());
        SSLEngine counted = context.newEngine(ByteBufAllocator.DEFAULT);
        TlsEngine engine = new BoringSslTlsEngine(counted);
        assertThat(((ReferenceCounted) context).refCnt()).isEqualTo(2);
        engine.close();
        engine.close();
        assertThat(((ReferenceCounted) counted).refCnt()).isZero();
        assertThat(((ReferenceCounted) context).refCnt()).isEqualTo(1);
        ((ReferenceCounted) context).release();
        assertThat(((ReferenceCounted) context).refCnt()).isZero();
    }

    /** "A factory lives as long as somebody uses it", and its context as long as an engine does. */
    @Test
    void contextsAreFreedWithTheirFactory() throws GeneralSecurityException, IOException {
        SslContext context = BoringSslContexts.make(Handshakes.settings());
        TlsEngine engine = new BoringSslEngineFactory(context).create();
        while (((ReferenceCounted) context).refCnt() > 1) {
            System.gc();
            Thread.onSpinWait();
        }
        new Handshakes().run(Handshakes.client(0), engine.engine());
        engine.close();
        assertThat(((ReferenceCounted) context).refCnt()).isZero();
    }

    /** Each engine that is not closed holds on to its context; memory for records is shared. */
    @Test
    void thousandsOfHandshakesLeaveNothing() throws GeneralSecurityException, IOException {
        SslContext context = BoringSslContexts.make(Handshakes.settings());
        TlsEngineFactory factory = new BoringSslEngineFactory(context);
        shakeHands(factory, 100);
        long before = directMemory();
        shakeHands(factory, HANDSHAKES);
        assertThat(directMemory()).isEqualTo(before);
        assertThat(((ReferenceCounted) context).refCnt()).isEqualTo(1);
        Reference.reachabilityFence(factory);
    }

    @Test
    void handshakesThatFailOrStopLeaveNothing() throws GeneralSecurityException, IOException {
        SslContext context = BoringSslContexts.make(Handshakes.settings());
        TlsEngineFactory factory = new BoringSslEngineFactory(context);
        byte[] hello = new byte[4096];
        Handshakes.client(0).wrap(ByteBuffer.allocate(0), ByteBuffer.wrap(hello));
        int length = 5 + ((hello[3] & 0xff) << 8 | hello[4] & 0xff);
        for (int at = 0; at < length; at++) {
            byte[] changed = Arrays.copyOf(hello, length);
            changed[at] ^= (byte) 0x10;
            try (TlsEngine server = factory.create()) {
                tryHello(server.engine(), changed);
            }
        }
        assertThat(((ReferenceCounted) context).refCnt()).isEqualTo(1);
        Reference.reachabilityFence(factory);
    }

    private static void tryHello(SSLEngine server, byte[] hello) {
        try {
            server.beginHandshake();
            server.unwrap(ByteBuffer.wrap(hello), ByteBuffer.allocate(32 * 1024));
            server.getHandshakeStatus();
            server.closeOutbound();
        } catch (SSLException e) {
            // As most do.
        }
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private static void shakeHands(TlsEngineFactory factory, int count) throws SSLException {
        for (int i = 0; i < count; i++) {
            try (TlsEngine server = factory.create()) {
                new Handshakes().run(Handshakes.client(i % 2 == 0 ? 0 : 443), server.engine());
            }
        }
    }
}
