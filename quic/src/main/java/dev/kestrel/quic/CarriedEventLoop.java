package dev.kestrel.quic;

import dev.kestrel.internal.loops.GuestThread;
import dev.kestrel.internal.loops.LoopGuest;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * An event loop that is the guest of a loop of the server: the virtual threads of its connections
 * run on the carrier that has read their packets, between reading and sending. Everything but
 * {@link #wakeUp()} is its own thread's.
 */
final class CarriedEventLoop extends ManualIoEventLoop implements LoopGuest {

    private static final long NO_TASKS = -1;

    /** For how long tasks of the library run; those that are left keep it from waiting. */
    private static final long TASKS_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Promise<Void> ended = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);

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
        runNonBlockingTasks(TASKS_NANOS);
        LoopQueue wanted = queue;
        if (!isTerminated()) {
            return true;
        }
        if (wanted != null) {
            wanted.dropAll();
        }
        ended.trySuccess(null);
        return false;
    }

    /** Ends it, and waits until nobody waits for it any more; not for ever. From any thread. */
    void end(long seconds) {
        shutdownGracefully(0, seconds, TimeUnit.SECONDS);
        ended.awaitUninterruptibly(seconds, TimeUnit.SECONDS);
    }

    /** Closes one that has not begun and never will. */
    void drop() {
        setOwningThread(Thread.currentThread());
        shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!isTerminated()) {
            runNow();
        }
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
