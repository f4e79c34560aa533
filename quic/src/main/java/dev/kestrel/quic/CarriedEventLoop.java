package dev.kestrel.quic;

import dev.kestrel.internal.loops.GuestThread;
import dev.kestrel.internal.loops.LoopGuest;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;

import org.jspecify.annotations.Nullable;

/**
 * An event loop that is the guest of a loop of the server: the virtual threads of its connections
 * run on the carrier that has read their packets, between reading and sending. Everything but
 * {@link #wakeUp()} is its own thread's.
 */
final class CarriedEventLoop extends ManualIoEventLoop implements LoopGuest {

    private static final long NO_TASKS = -1;
    private static final long NO_LIMIT = 0;

    private @Nullable GuestThread thread;
    private @Nullable LoopQueue queue;

    CarriedEventLoop(IoHandlerFactory sockets) {
        super((Thread) null, sockets);
    }

    @Override
    public void begin(GuestThread guest) {
        thread = guest;
        setOwningThread(guest.thread());
    }

    /** Its thread, once it has begun. */
    GuestThread guest() {
        GuestThread guest = thread;
        if (guest == null) {
            throw new IllegalStateException("The loop has not begun");
        }
        return guest;
    }

    /** Says what is to be drained before a wait. */
    void serve(LoopQueue socketQueue) {
        queue = socketQueue;
    }

    @Override
    public boolean look() {
        drain();
        run(guest().waitNanos(), NO_TASKS);
        // What was wanted of a connection comes before what is done to its socket.
        drain();
        runNonBlockingTasks(NO_LIMIT);
        LoopQueue wanted = queue;
        if (isTerminated() && wanted != null) {
            wanted.dropAll();
        }
        return !isTerminated();
    }

    private void drain() {
        LoopQueue wanted = queue;
        if (wanted != null) {
            wanted.drain();
        }
    }

    /**
     * Asked when it is about to wait, after {@link #wakeUp()} would be noticed. What was added
     * while this thread waited for a lock has woken nobody.
     */
    @Override
    protected boolean canBlock() {
        LoopQueue wanted = queue;
        return guest().mayWait() && (wanted == null || wanted.isEmpty());
    }

    @Override
    public void wakeUp() {
        wakeup();
    }
}
