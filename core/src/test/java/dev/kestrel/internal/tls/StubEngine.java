package dev.kestrel.internal.tls;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLSession;

/** An engine whose records are their content in clear text, but for those of handshakes. */
class StubEngine extends SSLEngine {

    /** What a record of a handshake begins with; application data is 23. */
    static final byte HANDSHAKE = 22;

    /** As the JDK's. */
    static final int LARGEST = 16709;

    HandshakeStatus status = HandshakeStatus.NOT_HANDSHAKING;
    String protocol = "TLSv1.3";
    boolean outboundDone;

    @Override
    public SSLEngineResult unwrap(ByteBuffer record, ByteBuffer[] targets, int offset, int count) {
        if (record.get(record.position()) == HANDSHAKE) {
            int all = record.remaining();
            record.position(record.limit());
            return new SSLEngineResult(Status.OK, status, all, 0);
        }
        int length = record.remaining() - 5;
        int room = 0;
        for (int i = 0; i < count; i++) {
            room += targets[offset + i].remaining();
        }
        // As the JDK's, which reckons with the shortest overhead.
        if (length + 1 > room) {
            return new SSLEngineResult(Status.BUFFER_OVERFLOW, status, 0, 0);
        }
        record.position(record.position() + 5);
        int end = record.limit();
        for (int i = 0; i < count && record.position() < end; i++) {
            ByteBuffer target = targets[offset + i];
            record.limit(Math.min(end, record.position() + target.remaining()));
            target.put(record);
        }
        record.limit(end);
        return new SSLEngineResult(Status.OK, status, length + 5, length);
    }

    /** Up to 16 KiB become a record, which needs room for the largest. */
    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int count, ByteBuffer target) {
        if (target.remaining() < LARGEST) {
            return new SSLEngineResult(Status.BUFFER_OVERFLOW, status, 0, 0);
        }
        int start = target.position();
        target.position(start + 5);
        int left = 16 * 1024;
        for (int i = offset; i < offset + count && left > 0; i++) {
            int end = sources[i].limit();
            sources[i].limit(Math.min(end, sources[i].position() + left));
            left -= sources[i].remaining();
            target.put(sources[i]);
            sources[i].limit(end);
        }
        int length = target.position() - start - 5;
        target.put(start, (byte) 23).putShort(start + 3, (short) length);
        return new SSLEngineResult(Status.OK, status, length, length + 5);
    }

    @Override
    public Runnable getDelegatedTask() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void closeInbound() {}

    @Override
    public boolean isInboundDone() {
        return false;
    }

    @Override
    public void closeOutbound() {}

    @Override
    public boolean isOutboundDone() {
        return outboundDone;
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return new String[0];
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return new String[0];
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {}

    @Override
    public String[] getSupportedProtocols() {
        return new String[0];
    }

    @Override
    public String[] getEnabledProtocols() {
        return new String[0];
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {}

    @Override
    public SSLSession getSession() {
        return (SSLSession)
                Proxy.newProxyInstance(
                        StubEngine.class.getClassLoader(),
                        new Class<?>[] {SSLSession.class},
                        (session, method, arguments) ->
                                method.getName().equals("getProtocol") ? protocol : null);
    }

    @Override
    public void beginHandshake() {}

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return status;
    }

    @Override
    public void setUseClientMode(boolean mode) {}

    @Override
    public boolean getUseClientMode() {
        return false;
    }

    @Override
    public void setNeedClientAuth(boolean need) {}

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {}

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {}

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }
}
