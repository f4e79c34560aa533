package dev.kestrel.tls.boringssl;

import dev.kestrel.connections.tls.TlsEngine;

import io.netty.util.ReferenceCountUtil;

import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLEngine;

/** The engine of a connection, and the native memory that it has. */
final class BoringSslTlsEngine implements TlsEngine {

    private final SSLEngine counted;
    private final BoringSslEngine engine;
    private final AtomicBoolean closed = new AtomicBoolean();

    BoringSslTlsEngine(SSLEngine counted) {
        this.counted = counted;
        engine = new BoringSslEngine(counted);
    }

    @Override
    public SSLEngine engine() {
        return engine;
    }

    @Override
    public boolean prefersDirectMemory() {
        return true;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            ReferenceCountUtil.release(counted);
        }
    }
}
