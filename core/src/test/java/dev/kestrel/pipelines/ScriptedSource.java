package dev.kestrel.pipelines;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A source whose bytes a test feeds. A read waits like that of a socket; what was asked for is
 * kept.
 */
final class ScriptedSource implements ByteSource {

    private final ByteBuffer pending = ByteBuffer.allocate(1 << 20).flip();
    private boolean ended;
    private @Nullable IOException failure;
    private boolean tellsAvailable = true;
    private int waiting;

    /** So many buffers of a read are filled at most. */
    int widest = Integer.MAX_VALUE;

    /** How much room each read had. */
    final List<Integer> rooms = new ArrayList<>();

    synchronized void feed(byte[] bytes) {
        pending.compact().put(bytes).flip();
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized void fail(IOException error) {
        failure = error;
        notifyAll();
    }

    synchronized void tellNothing() {
        tellsAvailable = false;
    }

    /** Waits until a thread waits for bytes in here. */
    synchronized void awaitBlockedRead() throws InterruptedException {
        while (waiting == 0 || pending.hasRemaining() || ended || failure != null) {
            wait();
        }
    }

    synchronized int unread() {
        return pending.remaining();
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        rooms.add(target.remaining());
        waiting++;
        notifyAll();
        try {
            while (!pending.hasRemaining()) {
                if (failure != null) {
                    throw failure;
                }
                if (ended) {
                    return -1;
                }
                wait();
            }
            int count = Math.min(target.remaining(), pending.remaining());
            target.put(pending.slice(pending.position(), count));
            pending.position(pending.position() + count);
            return count;
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            waiting--;
            notifyAll();
        }
    }

    @Override
    public int widestRead() {
        return widest;
    }

    @Override
    public synchronized int readNow(ByteBuffer[] targets, int count) throws IOException {
        if (!pending.hasRemaining() && tellsAvailable) {
            return 0;
        }
        int total = 0;
        rooms.add(0);
        int call = rooms.size() - 1;
        for (int i = 0; i < count; i++) {
            rooms.set(call, rooms.get(call) + targets[i].remaining());
            int here = Math.min(targets[i].remaining(), pending.remaining());
            targets[i].put(pending.slice(pending.position(), here));
            pending.position(pending.position() + here);
            total += here;
        }
        return total;
    }

    @Override
    public synchronized int available() {
        return tellsAvailable ? pending.remaining() : -1;
    }

    @Override
    public void cancel() {
        end();
    }
}
