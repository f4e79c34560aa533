/**
 * TLS by BoringSSL, through Netty's engine. A program needs no more than to have this module: core
 * finds it, and uses it where its native library can be loaded.
 */
module dev.kestrel.tls.boringssl {
    requires transitive dev.kestrel.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.handler;
    // Netty asks for it only when it is there.
    requires io.netty.tcnative.classes.openssl;
    requires static org.jspecify;

    exports dev.kestrel.tls.boringssl;

    provides dev.kestrel.connections.tls.TlsEngineProvider with
            dev.kestrel.tls.boringssl.BoringSslEngineProvider;
}
