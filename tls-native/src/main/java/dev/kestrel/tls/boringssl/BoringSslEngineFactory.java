package dev.kestrel.tls.boringssl;

import dev.kestrel.connections.tls.TlsEngine;
import dev.kestrel.connections.tls.TlsEngineFactory;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;

/**
 * Makes engines from a context of BoringSSL, whose memory is not the collector's: it is given back
 * when nobody can make engines any more and the last one is closed. Safe for use by any thread.
 */
final class BoringSslEngineFactory implements TlsEngineFactory {

    private static final Cleaner CLEANER = Cleaner.create();

    private final SslContext context;

    BoringSslEngineFactory(SslContext context) {
        this.context = context;
        CLEANER.register(this, release(context));
    }

    /** Not a lambda of the constructor, which could hold the factory itself. */
    private static Runnable release(SslContext context) {
        return () -> ReferenceCountUtil.release(context);
    }

    @Override
    public TlsEngine create() {
        try {
            // An engine holds on to its context until it is closed.
            return new BoringSslTlsEngine(context.newEngine(ByteBufAllocator.DEFAULT));
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
