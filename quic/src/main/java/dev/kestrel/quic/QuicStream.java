package dev.kestrel.quic;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;

import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A stream. The loop owns its channel and knows which directions are over; the threads of the
 * server have the pipes, and ask the loop for what they want.
 */
final class QuicStream extends StreamContext implements DuplexPipe, StreamSender.Listener {

    private final QuicConnection connection;
    private final QuicStreamChannel channel;
    private final long id;
    private final boolean readable;
    private final boolean writable;
    private final StreamInput input;
    private final StreamOutput output;
    private final StreamSender sender;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final LoopTask resumeTask = LoopTask.of(this::resumeReading);

    // The loop's.
    private boolean inputOver;
    private boolean outputOver;
    private boolean released;
    private boolean endedInOrder;
    private int urgency = StreamPriorities.USUAL;
    private boolean incremental = true;

    QuicStream(QuicConnection connection, QuicStreamChannel channel) {
        this.connection = connection;
        this.channel = channel;
        this.id = channel.streamId();
        boolean bidirectional = channel.type() == QuicStreamType.BIDIRECTIONAL;
        this.readable = bidirectional || !channel.isLocalCreated();
        this.writable = bidirectional || channel.isLocalCreated();
        TransportSettings settings = connection.settings();
        this.input = new StreamInput(settings, () -> connection.queue().add(resumeTask));
        this.sender =
                new StreamSender(
                        channel, connection.queue(), connection.scratch(), settings.pool(), this);
        this.output = new StreamOutput(settings, sender);
        if (!readable) {
            inputOver = true;
            input.end(null);
        }
        if (!writable) {
            outputOver = true;
            sender.end();
            output.fail(new IOException("Only the client sends on stream " + id));
        }
        localAddress(connection.localAddress());
        remoteAddress(connection.remoteAddress());
        transport(this);
    }

    @Override
    public String connectionId() {
        return connection.connectionId() + ":" + id;
    }

    @Override
    public long streamId() {
        return id;
    }

    @Override
    public boolean canRead() {
        return readable;
    }

    @Override
    public boolean canWrite() {
        return writable;
    }

    @Override
    public PipeReader input() {
        return input;
    }

    @Override
    public PipeWriter output() {
        return output;
    }

    @Override
    public void abortRead(long errorCode, ConnectionAbortedException reason) {
        if (readable) {
            connection.queue().add(LoopTask.of(sender, () -> stopReading(errorCode, reason)));
        }
    }

    @Override
    public void abortWrite(long errorCode, ConnectionAbortedException reason) {
        if (writable) {
            connection.queue().add(LoopTask.of(sender, () -> reset(errorCode, reason)));
        }
    }

    @Override
    public void priority(int wanted, boolean takesTurns) {
        if (writable && !closing.get()) {
            connection.queue().add(LoopTask.of(() -> prioritize(wanted, takesTurns)));
        }
    }

    @Override
    public void watchForStop() {
        if (writable && !watched.get() && watched.compareAndSet(false, true)) {
            connection.queue().add(LoopTask.of(sender::watchForStop));
        }
    }

    @Override
    public void abort(ConnectionAbortedException reason) {
        long code = connection.settings().options().defaultStreamErrorCode();
        abortRead(code, reason);
        abortWrite(code, reason);
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        boolean sendingEnds = output.isCompleted();
        if (!sendingEnds) {
            // An error, so that nothing is sent that nobody flushed.
            output.complete(new ConnectionAbortedException("The stream was closed"));
        }
        input.complete();
        connection.queue().add(LoopTask.of(sender, () -> closed(sendingEnds)));
    }

    // All of what follows runs on the loop.

    StreamInput received() {
        return input;
    }

    boolean isInputOver() {
        return inputOver;
    }

    /** Whether both directions are over, and whoever waits for that was told. */
    boolean isOver() {
        return inputOver && outputOver;
    }

    private void closed(boolean sendingEnds) {
        if (!isOver()) {
            long code = connection.settings().options().defaultStreamErrorCode();
            closedEarly(code, !sendingEnds || output.isFailed());
            watch(new StallWatch(sender.progress(), connection.progress()), code);
        }
    }

    private void closedEarly(long code, boolean stopSending) {
        if (!inputOver || stopSending) {
            ConnectionAbortedException reason =
                    new ConnectionAbortedException("The stream was closed before its end");
            stopReading(code, reason);
            if (stopSending) {
                reset(code, reason);
            }
        }
    }

    /** What was completed is not kept for ever for a client that does not take it. */
    private void watch(StallWatch stall, long code) {
        if (!sender.isBusy()) {
            return;
        }
        connection
                .queue()
                .loop()
                .schedule(
                        () -> {
                            if (!stall.isOver(sender.progress(), connection.progress())) {
                                watch(stall, code);
                            } else if (sender.isBusy()) {
                                reset(
                                        code,
                                        new ConnectionAbortedException("The client is too slow"));
                            }
                        },
                        StallWatch.SECONDS,
                        TimeUnit.SECONDS);
    }

    private void stopReading(long errorCode, ConnectionAbortedException reason) {
        if (!inputOver) {
            inputOver = true;
            input.fail(reason);
            input.end(reason);
            channel.shutdownInput(connection.settings().streamCode(errorCode));
            closed().fire(reason);
            releaseIfOver();
        }
    }

    private void reset(long errorCode, ConnectionAbortedException reason) {
        if (!outputOver) {
            outputOver = true;
            output.fail(reason);
            sender.end();
            channel.shutdownOutput(connection.settings().streamCode(errorCode));
            closed().fire(reason);
            releaseIfOver();
        }
    }

    private void prioritize(int wanted, boolean takesTurns) {
        if (!outputOver && (wanted != urgency || takesTurns != incremental)) {
            urgency = wanted;
            incremental = takesTurns;
            connection.prioritized(this, wanted);
        }
    }

    /** Tells the library, unless the stream is one of this side, which have their own. */
    void tellPriority(StreamPriorities priorities) {
        if (readable && writable && !outputOver) {
            channel.updatePriority(priorities.of(urgency, incremental));
        }
    }

    private void resumeReading() {
        if (!inputOver) {
            channel.read();
        }
    }

    /** The peer has ended its direction in good order. */
    void endOfInput() {
        inputOver = true;
        endedInOrder = true;
        input.end(null);
        over();
    }

    /** The peer has ended its direction before its time. */
    void resetByPeer(long code) {
        if (!inputOver) {
            inputOver = true;
            StreamResetException reason =
                    new StreamResetException(
                            "The client has reset stream " + id + " with code " + code, code, true);
            input.fail(reason);
            input.end(reason);
            closed().fire(reason);
            releaseIfOver();
        }
    }

    @Override
    public void taken(long bytes) {
        connection.progressed(bytes);
        output.taken(bytes);
    }

    @Override
    public void finished() {
        outputOver = true;
        over();
    }

    @Override
    public void failed(Throwable problem) {
        outputOver = true;
        IOException reason;
        if (problem instanceof ChannelOutputShutdownException) {
            // The library does not tell with what code.
            long code = connection.settings().options().defaultStreamErrorCode();
            reason =
                    new StreamResetException(
                            "The client wants nothing more of stream " + id, code, true);
        } else {
            reason = connection.failure(problem);
        }
        output.fail(reason);
        closed().fire(reason);
        releaseIfOver();
    }

    /** The connection has ended, or the channel has without a word about why. */
    void connectionEnded(IOException reason) {
        // Who learns of it by reading is not to find that it can still write.
        if (!outputOver) {
            outputOver = true;
            output.fail(reason);
            sender.end();
        }
        if (!inputOver) {
            inputOver = true;
            input.fail(reason);
            input.end(reason);
        }
        closed().fire(reason);
        releaseIfOver();
    }

    /** Whether something was completed that the library does not have yet. */
    boolean isSending() {
        return output.isCompleted() && sender.isBusy();
    }

    private void over() {
        if (isOver()) {
            closed().fire(null);
        }
        releaseIfOver();
    }

    private void releaseIfOver() {
        if (isOver() && !released) {
            released = true;
            connection.released(this, readable && !endedInOrder);
            if (channel.isOpen()) {
                channel.close();
            }
        }
    }

    @Override
    public String toString() {
        return "QuicStream[" + connectionId() + "]";
    }
}
