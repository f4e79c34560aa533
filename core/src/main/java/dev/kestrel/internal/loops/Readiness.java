package dev.kestrel.internal.loops;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.LockSupport;

/**
 * A channel's place in a loop: who waits until the channel can be read, or accepted from, and who
 * until it can be written. One thread at a time may wait for each; any thread may.
 *
 * <p>The reader:
 *
 * <pre>
 *                 waits                    channel is ready
 *      NOBODY ----------> a thread, or a Rest --------------> WOKEN
 *       |  ^                                                    |
 *       |  +----------------------------------------------------+
 *       |  |       the thread goes on, or the Rest has one
 *       |  +-----------------------------+
 *       | channel is ready               | somebody is about to read
 *       +--------------> READY ----------+
 * </pre>
 *
 * <p>The loop is told to look for input when somebody waits for it for the first time, and goes on
 * doing so, so that a request costs no call to the system for it. Only when it finds the channel
 * ready twice while nobody cares it stops, until the next one waits. Output it looks for while
 * somebody waits for it, and no longer.
 *
 * <p>No virtual thread touches the selector: it leaves that to the loop, as a task. The selector's
 * lists are behind monitors. A virtual thread that has to wait for one leaves its carrier; when the
 * monitor is free it is the one that is woken, and if the carrier of the loop by then waits for the
 * same monitor, nobody is left to run it: the loop stood still for up to a second, again and again.
 */
public final class Readiness {

    private static final System.Logger LOG = System.getLogger(Readiness.class.getName());

    private static final @Nullable Object NOBODY = null;
    private static final Object READY = "ready";
    private static final Object WOKEN = "woken";

    /** A loop that has not looked at its sockets for so long never will. */
    private static final long LET_GO_NANOS = 1_000_000_000;

    private static final VarHandle READER;
    private static final VarHandle WRITER;
    private static final VarHandle RELEASED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            READER = lookup.findVarHandle(Readiness.class, "reader", Object.class);
            WRITER = lookup.findVarHandle(Readiness.class, "writer", Thread.class);
            RELEASED = lookup.findVarHandle(Readiness.class, "released", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LoopGroup group;
    private final Loop loop;
    private final SelectableChannel channel;
    private volatile @Nullable SelectionKey key;
    private volatile @Nullable Object reader;
    private volatile @Nullable Thread writer;

    /** Somebody rests who was to have a thread. */
    private volatile boolean owed;

    @SuppressWarnings("unused")
    private volatile boolean released;

    Readiness(LoopGroup group, Loop loop, SelectableChannel channel) {
        this.group = group;
        this.loop = loop;
        this.channel = channel;
        loop.channels.incrementAndGet();
    }

    /**
     * A thread that is carried by the channel's loop.
     *
     * @param task what it does
     * @return a virtual thread that is not started
     */
    public Thread newThread(Runnable task) {
        return loop.newThread(task);
    }

    /**
     * Says that the channel is about to be read: what was known of it is old.
     *
     * @throws IOException when the thread was interrupted; the channel is closed then, as it would
     *     be if it blocked
     */
    public void beforeRead() throws IOException {
        checkInterrupt();
        if (reader == READY) {
            READER.compareAndSet(this, READY, NOBODY);
        }
    }

    /**
     * Waits until there may be something to read or accept, or the channel is closed.
     *
     * @throws IOException when the thread is interrupted; the channel is closed then
     */
    public void awaitReadable() throws IOException {
        Thread me = Thread.currentThread();
        if (!READER.compareAndSet(this, NOBODY, me)) {
            if (!READER.compareAndSet(this, READY, NOBODY)) {
                throw new IllegalStateException("Another thread waits for the channel");
            }
            return;
        }
        lookFor(SelectionKey.OP_READ | SelectionKey.OP_ACCEPT);
        Object now = me;
        while (now == me) {
            if (me.isInterrupted() || !channel.isOpen()) {
                READER.compareAndSet(this, me, NOBODY);
            } else {
                LockSupport.park(this);
            }
            now = reader;
        }
        if (now == WOKEN) {
            READER.compareAndSet(this, WOKEN, NOBODY);
        }
        checkInterrupt();
    }

    /**
     * Waits without a thread until there may be something to read, or the channel is closed.
     *
     * @param task runs then, once, on a new thread that the loop carries; it may have begun when
     *     this returns
     */
    public void rest(Runnable task) {
        Rest rest = new Rest(task);
        if (!READER.compareAndSet(this, NOBODY, rest)) {
            if (!READER.compareAndSet(this, READY, WOKEN)) {
                throw new IllegalStateException("Another thread waits for the channel");
            }
            newThread(rest).start();
            return;
        }
        try {
            lookFor(SelectionKey.OP_READ);
        } catch (RuntimeException | Error e) {
            // No memory, say.
            if (READER.compareAndSet(this, rest, NOBODY)) {
                throw e;
            }
            LoopFailures.report("A connection may not notice what comes", e);
        }
        if (!channel.isOpen()) {
            wakeReader();
        }
    }

    /**
     * Tries again to give a thread to whoever waits without one and was to have it, when there was
     * no memory for it. From any thread, from time to time.
     */
    public void retryRest() {
        if (owed) {
            owed = false;
            wakeReader();
        }
    }

    /** Who waits without a thread. */
    private final class Rest implements Runnable {

        private final Runnable task;

        Rest(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            READER.compareAndSet(Readiness.this, WOKEN, NOBODY);
            task.run();
        }

        /** On any thread, the loop's as a rule. */
        void goOn() {
            try {
                newThread(this).start();
            } catch (RuntimeException | Error e) {
                // No memory, say.
                READER.compareAndSet(Readiness.this, WOKEN, this);
                owed = true;
                LoopFailures.report("A connection could not be given a thread; it waits", e);
            }
        }
    }

    /**
     * Waits until there may be room to write, or the channel is closed.
     *
     * @throws IOException when the thread is interrupted; the channel is closed then
     */
    public void awaitWritable() throws IOException {
        Thread me = Thread.currentThread();
        if (!WRITER.compareAndSet(this, null, me)) {
            throw new IllegalStateException("Another thread waits for the channel");
        }
        lookFor(SelectionKey.OP_WRITE);
        while (writer == me) {
            if (me.isInterrupted() || !channel.isOpen()) {
                WRITER.compareAndSet(this, me, null);
            } else {
                LockSupport.park(this);
            }
        }
        checkInterrupt();
    }

    /**
     * Closes the channel, as a channel that blocks is closed, when the thread was interrupted.
     *
     * @throws ClosedByInterruptException when it was
     */
    public void checkInterrupt() throws ClosedByInterruptException {
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
    }

    /** Whoever waits for input is to look, or whoever does so next. From any thread. */
    public void wake() {
        wakeReader();
    }

    /**
     * Closes the channel: whoever waits is to look, and the loop lets go of the channel, which only
     * then really is closed. A virtual thread leaves it to the loop, and goes on before that. May
     * be called more than once.
     */
    public void close() {
        if (Thread.currentThread().isVirtual()) {
            loop.execute(this::closeNow);
        } else {
            closeNow();
        }
    }

    private void closeNow() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A channel failed to close", e);
        }
        wakeReader();
        wakeWriter();
        loop.wakeUp();
    }

    /**
     * Waits until the loop has let go of the channel, which was closed: an address that it was
     * bound to is free then. That takes as long as the loop needs to look at its sockets again.
     */
    public void awaitLetGo() {
        long end = System.nanoTime() + LET_GO_NANOS;
        while ((channel.isOpen() || channel.isRegistered()) && System.nanoTime() < end) {
            loop.wakeUp();
            LockSupport.parkNanos(this, 50_000);
        }
    }

    /** Gives the place back, after the channel was closed. Calling it again does nothing. */
    public void release() {
        if (RELEASED.compareAndSet(this, false, true)) {
            loop.channels.decrementAndGet();
            group.release();
        }
    }

    /** What the loop has found. On its carrier. */
    void ready(SelectionKey found, boolean nothingElseToDo) {
        int ops;
        try {
            ops = found.readyOps();
        } catch (CancelledKeyException e) {
            // Another thread has closed the channel just now, and has woken who waited.
            return;
        }
        if ((ops & SelectionKey.OP_WRITE) != 0) {
            stopLooking(found, SelectionKey.OP_WRITE);
            wakeWriter();
        }
        if ((ops & ~SelectionKey.OP_WRITE) != 0 && owed) {
            // Whoever reads then has the loop look again.
            stopLooking(found, SelectionKey.OP_READ);
        } else if ((ops & ~SelectionKey.OP_WRITE) != 0) {
            Object before = wakeReader();
            if (before == READY || (before == WOKEN && nothingElseToDo)) {
                stopLooking(found, SelectionKey.OP_READ | SelectionKey.OP_ACCEPT);
                if (reader instanceof Thread || reader instanceof Rest) {
                    // It has begun to wait meanwhile.
                    lookFor(SelectionKey.OP_READ | SelectionKey.OP_ACCEPT);
                }
            }
        }
    }

    /** Wakes who waits for input, or leaves word; what was there before. */
    private @Nullable Object wakeReader() {
        while (true) {
            Object before = reader;
            if (before instanceof Thread thread) {
                if (READER.compareAndSet(this, before, WOKEN)) {
                    LockSupport.unpark(thread);
                    return before;
                }
            } else if (before instanceof Rest rest) {
                if (READER.compareAndSet(this, before, WOKEN)) {
                    rest.goOn();
                    return before;
                }
            } else if (before != NOBODY || READER.compareAndSet(this, NOBODY, READY)) {
                return before;
            }
        }
    }

    private void wakeWriter() {
        Thread thread = writer;
        if (thread != null && WRITER.compareAndSet(this, thread, null)) {
            LockSupport.unpark(thread);
        }
    }

    /** Has the loop look for what it does not look for already. */
    private void lookFor(int operations) {
        int wanted = operations & channel.validOps();
        try {
            SelectionKey mine = key;
            if (mine == null || (mine.interestOps() & wanted) != wanted) {
                loop.execute(() -> lookNow(wanted));
            }
        } catch (CancelledKeyException e) {
            // As whoever looks next will see.
            LOG.log(Level.TRACE, "A channel was closed before somebody waited for it", e);
        }
    }

    /** On a carrier. */
    private void lookNow(int operations) {
        try {
            SelectionKey mine = key;
            if (mine == null) {
                mine = register();
            }
            mine.interestOpsOr(operations);
            loop.wakeUp();
        } catch (CancelledKeyException | ClosedChannelException e) {
            LOG.log(Level.TRACE, "A channel was closed before somebody waited for it", e);
            wakeReader();
            wakeWriter();
        } catch (ClosedSelectorException e) {
            LOG.log(Level.DEBUG, "Somebody waits for a channel whose loop has ended", e);
            closeNow();
        }
    }

    private synchronized SelectionKey register() throws ClosedChannelException {
        SelectionKey mine = key;
        if (mine == null) {
            mine = channel.register(loop.selector(), 0, this);
            key = mine;
        }
        return mine;
    }

    private static void stopLooking(SelectionKey found, int operations) {
        try {
            found.interestOpsAnd(~operations);
        } catch (CancelledKeyException e) {
            LOG.log(Level.TRACE, "A channel was closed when it became ready", e);
        }
    }
}
