package dev.kestrel.quic;

import dev.kestrel.pipelines.MemoryPool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * The loop's side of a stream's output: copies blocks into memory that the library can read, one
 * write at a time, so that a client that does not read costs no more than that. Everything but
 * {@link #send} is the loop's.
 */
final class StreamSender {

    /** How often a write that waits is tried again. */
    private static final long POKE_MILLIS = 250;

    private final QuicStreamChannel channel;
    private final LoopQueue queue;
    private final Scratch scratch;
    private final MemoryPool pool;
    private final Listener listener;

    private @Nullable OutputPiece first;
    private @Nullable OutputPiece last;
    private boolean fin;
    private boolean underWay;
    private boolean writing;
    private int underWayBytes;
    private boolean over;
    private boolean poking;
    private boolean watching;
    private boolean probing;
    private long progress;

    StreamSender(
            QuicStreamChannel channel,
            LoopQueue queue,
            Scratch scratch,
            MemoryPool pool,
            Listener listener) {
        this.channel = channel;
        this.queue = queue;
        this.scratch = scratch;
        this.pool = pool;
        this.listener = listener;
    }

    /** Hands bytes over, and the end of the stream when it comes with them. From any thread. */
    void send(@Nullable OutputPiece pieces, boolean end) {
        queue.add(
                new LoopTask() {
                    @Override
                    void run() {
                        take(pieces, end);
                    }

                    @Override
                    void drop() {
                        giveBack(pieces);
                    }

                    @Override
                    StreamSender stream() {
                        return StreamSender.this;
                    }
                });
    }

    private void take(@Nullable OutputPiece pieces, boolean end) {
        if (over) {
            listener.taken(giveBack(pieces));
            return;
        }
        if (pieces != null) {
            OutputPiece before = last;
            if (before == null) {
                first = pieces;
            } else {
                before.next = pieces;
            }
            OutputPiece piece = pieces;
            for (OutputPiece next = piece.next; next != null; next = piece.next) {
                piece = next;
            }
            last = piece;
        }
        fin |= end;
        pump();
    }

    /** Writes while the library takes everything at once. */
    private void pump() {
        while (!underWay && !over && (first != null || fin)) {
            ByteBuf bytes = buffer();
            int count = fill(bytes);
            boolean end = fin && first == null;
            underWay = true;
            underWayBytes = count;
            ChannelFuture written = write(end ? new DefaultQuicStreamFrame(bytes, true) : bytes);
            scratch.takeBack();
            if (written.isDone()) {
                written(written.cause(), end);
            } else if (channel.bytesBeforeUnwritable() > 0) {
                // The library has room and takes nothing: it has forgotten the stream, as it does
                // when the client has asked to stop sending and knows of the reset that answers it.
                fail(new ChannelOutputShutdownException("The stream was stopped"));
            } else {
                written.addListener(
                        future -> {
                            written(future.cause(), end);
                            pump();
                        });
                pokeLater();
            }
        }
        probe();
    }

    private ChannelFuture write(Object message) {
        if (!probing) {
            return writeNow(message);
        }
        StopProbe probe = scratch.probe();
        probe.withdraw();
        try {
            return writeNow(message);
        } finally {
            probe.restore();
        }
    }

    private ChannelFuture writeNow(Object message) {
        boolean before = writing;
        writing = true;
        try {
            return channel.write(message);
        } finally {
            writing = before;
        }
    }

    /**
     * Whether the library is in the middle of a write of this stream, which is not to be closed.
     */
    boolean isWriting() {
        return writing;
    }

    /** From now on a client that wants nothing more is noticed though nothing is to be written. */
    void watchForStop() {
        watching = true;
        probe();
    }

    /** Without room it could not be told later whether the library has forgotten the stream. */
    private void probe() {
        if (probing || underWay || over || !(watching || channel.bytesBeforeUnwritable() == 0)) {
            return;
        }
        if (scratch.probe().isWithdrawn()) {
            // Another stream is in the middle of a write.
            queue.add(LoopTask.of(this, this::probe));
            return;
        }
        probing = true;
        writeNow(scratch.probe().retain())
                .addListener(
                        future -> {
                            probing = false;
                            Throwable problem = future.cause();
                            if (problem != null) {
                                fail(problem);
                            }
                        });
    }

    /**
     * Has the library try again: while the window of the whole connection is used up, that is the
     * only way in which a client that wants nothing more is noticed.
     */
    private void pokeLater() {
        if (!poking) {
            poking = true;
            queue.loop().schedule(this::poke, POKE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void poke() {
        poking = false;
        if (underWay && !over) {
            var unused = writeNow(Unpooled.EMPTY_BUFFER);
            pokeLater();
        }
    }

    /** What will have to wait gets memory of its own, and no more than it needs. */
    private ByteBuf buffer() {
        long room = channel.bytesBeforeUnwritable();
        int wanted = 0;
        for (OutputPiece piece = first; piece != null && wanted <= room; piece = piece.next) {
            wanted += piece.length - piece.sent;
        }
        return wanted <= room
                ? scratch.lend()
                : channel.alloc().directBuffer(Math.min(wanted, Scratch.SIZE), Scratch.SIZE);
    }

    private int fill(ByteBuf target) {
        int count = 0;
        OutputPiece piece = first;
        while (piece != null && target.isWritable()) {
            int n = Math.min(piece.length - piece.sent, target.writableBytes());
            target.writeBytes(piece.block.array(), piece.sent, n);
            piece.sent += n;
            count += n;
            if (piece.sent == piece.length) {
                OutputPiece next = piece.next;
                pool.giveBack(piece.block);
                piece = next;
            }
        }
        first = piece;
        if (piece == null) {
            last = null;
        }
        return count;
    }

    private void written(@Nullable Throwable problem, boolean end) {
        underWay = false;
        progress++;
        if (problem != null) {
            fail(problem);
        }
        listener.taken(underWayBytes);
        if (end && !over) {
            over = true;
            listener.finished();
        }
    }

    /** Who waits is told why before it is told that nothing waits any more. */
    private void fail(Throwable problem) {
        if (!over) {
            over = true;
            listener.failed(problem);
            drop();
        }
    }

    /** Nothing more is sent: what waits is dropped. */
    void end() {
        if (!over) {
            over = true;
            drop();
        }
    }

    private void drop() {
        OutputPiece rest = first;
        first = null;
        last = null;
        listener.taken(giveBack(rest));
    }

    /** Whether something waits to be taken, the end of the stream included. */
    boolean isBusy() {
        return !over && (underWay || first != null || fin);
    }

    /** Grows with each write that the library has taken. */
    long progress() {
        return progress;
    }

    private long giveBack(@Nullable OutputPiece pieces) {
        long bytes = 0;
        for (OutputPiece piece = pieces; piece != null; piece = piece.next) {
            bytes += piece.length - piece.sent;
            pool.giveBack(piece.block);
        }
        return bytes;
    }

    /** Is told, on the loop, how sending goes. */
    interface Listener {
        /** So many bytes are the library's now, or were dropped. */
        void taken(long bytes);

        /** The library has the end of the stream. */
        void finished();

        /** The library takes nothing more. */
        void failed(Throwable problem);
    }
}
