package dev.kestrel.internal.http3;

import dev.kestrel.connections.multiplexed.StreamContext;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The streams on which the client alone sends. Safe for use by any thread. */
final class Http3InboundStreams {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition noneLeft = lock.newCondition();

    // Guarded by the lock.
    private final List<Http3InboundStream> open = new ArrayList<>(3);
    private int begun;

    /** Begins one, on a thread of its own. */
    void start(
            StreamContext stream,
            String name,
            Http3StreamParts parts,
            Http3ControlFrames.Listener control) {
        Http3InboundStream inbound = new Http3InboundStream(stream, this, parts, control);
        lock.lock();
        try {
            open.add(inbound);
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name(name).start(inbound);
    }

    /** A type of which there is one, from 0 to 3: false for the second. */
    boolean tryBegin(long type) {
        int bit = 1 << type;
        lock.lock();
        try {
            boolean first = (begun & bit) == 0;
            begun |= bit;
            return first;
        } finally {
            lock.unlock();
        }
    }

    void ended(Http3InboundStream stream) {
        lock.lock();
        try {
            open.remove(stream);
            if (open.isEmpty()) {
                noneLeft.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all have ended, which they do when the connection has. */
    void awaitNone() {
        lock.lock();
        try {
            while (!open.isEmpty()) {
                noneLeft.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A beat of the heart. */
    void tick() {
        lock.lock();
        try {
            open.forEach(Http3InboundStream::tick);
        } finally {
            lock.unlock();
        }
    }
}
