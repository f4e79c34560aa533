package dev.kestrel.tls.boringssl;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;

/**
 * Netty's engine, made to do what the JDK's does where the two differ. One thread has the
 * handshake; after it one thread may wrap while another unwraps.
 */
final class BoringSslEngine extends DelegatingSslEngine {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final ByteBuffer[] NOWHERE = {NOTHING};

    /**
     * Netty's engine is synchronized throughout. Virtual threads that meet here wait for each other
     * on this lock, which wakes them at once, and not on its monitor.
     */
    private final ReentrantLock turn = new ReentrantLock();

    /** Whether the handshake is. */
    private volatile boolean over;

    /** What is thrown once the alert that tells it is on its way. */
    private @Nullable SSLException failure;

    /** Whether the client broke TLS after the handshake: there is an alert to send, and no more. */
    private volatile boolean broken;

    BoringSslEngine(SSLEngine engine) {
        super(engine);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int count, ByteBuffer target)
            throws SSLException {
        turn.lock();
        try {
            if (broken) {
                return wrapAlert(target);
            }
            return over
                    ? super.wrap(sources, offset, count, target)
                    : wrapHandshake(sources, offset, count, target);
        } finally {
            turn.unlock();
        }
    }

    /** Netty may both give an alert and throw, so that nobody would send the alert. */
    private SSLEngineResult wrapHandshake(
            ByteBuffer[] sources, int offset, int count, ByteBuffer target) throws SSLException {
        SSLException thrown = failure;
        if (thrown != null) {
            failure = null;
            throw thrown;
        }
        int before = target.position();
        try {
            return seen(super.wrap(sources, offset, count, target));
        } catch (SSLException e) {
            if (target.position() == before) {
                throw e;
            }
            failure = e;
            return new SSLEngineResult(
                    Status.OK, HandshakeStatus.NEED_WRAP, 0, target.position() - before);
        }
    }

    private SSLEngineResult wrapAlert(ByteBuffer target) throws SSLException {
        int before = target.position();
        if (!isOutboundDone()) {
            super.wrap(NOWHERE, 0, 1, target);
            super.closeOutbound();
        }
        return new SSLEngineResult(
                Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, target.position() - before);
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int count)
            throws SSLException {
        turn.lock();
        try {
            return unwrapInTurn(source, targets, offset, count);
        } finally {
            turn.unlock();
        }
    }

    private SSLEngineResult unwrapInTurn(
            ByteBuffer source, ByteBuffer[] targets, int offset, int count) throws SSLException {
        boolean handshake = !over;
        SSLEngineResult result = super.unwrap(source, targets, offset, count);
        if (handshake) {
            return seen(result);
        }
        if (result.getStatus() == Status.OK
                && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && !isInboundDone()) {
            // Once the handshake is over BoringSSL has nothing to say of itself but that a record
            // was wrong. Netty throws when the alert is wrapped; the reader has to know now.
            broken = true;
            throw new SSLProtocolException("The client has sent a record that is not valid");
        }
        return result;
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        HandshakeStatus status = super.getHandshakeStatus();
        if (over || status != HandshakeStatus.NEED_UNWRAP || failure != null) {
            return failure != null ? HandshakeStatus.NEED_WRAP : status;
        }
        try {
            HandshakeStatus next = proceed();
            return next == HandshakeStatus.FINISHED ? HandshakeStatus.NOT_HANDSHAKING : next;
        } catch (SSLException e) {
            failure = e;
            return HandshakeStatus.NEED_WRAP;
        }
    }

    private SSLEngineResult seen(SSLEngineResult result) throws SSLException {
        HandshakeStatus status = result.getHandshakeStatus();
        over |= status == HandshakeStatus.FINISHED;
        if (status != HandshakeStatus.NEED_UNWRAP || result.getStatus() != Status.OK) {
            return result;
        }
        return new SSLEngineResult(
                Status.OK, proceed(), result.bytesConsumed(), result.bytesProduced());
    }

    /**
     * Netty says NEED_UNWRAP after the last message of the handshake, whichever side sent it, and
     * when a task has run although messages are there that were in the same record. Without a
     * record it goes on as far as it can.
     */
    private HandshakeStatus proceed() throws SSLException {
        HandshakeStatus status = super.unwrap(NOTHING, NOWHERE, 0, 1).getHandshakeStatus();
        over |= status == HandshakeStatus.FINISHED;
        return status;
    }

    /** Netty would forget an alert that waits. */
    @Override
    public void closeOutbound() {
        if (!broken) {
            super.closeOutbound();
        }
    }
}
