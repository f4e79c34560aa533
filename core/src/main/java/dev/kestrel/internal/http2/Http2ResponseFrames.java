package dev.kestrel.internal.http2;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Turns what a producer has into frames: its header blocks, and one DATA frame in each turn, as far
 * as the windows allow (RFC 9113 section 5.2). Belongs to the frame writer's thread.
 */
final class Http2ResponseFrames {

    /** A piece of a response that is shorter, and not its last, costs more than it brings. */
    private static final int WORTH_A_FRAME = 256;

    /** What becomes of a producer after its turn. */
    enum Outcome {
        /** It has more that can be sent. */
        AGAIN,
        /** It will be scheduled when it has more, or the window of its stream has grown. */
        LATER,
        /** It waits for the window of the connection. */
        BLOCKED,
        /** It has ended, and may serve another stream already. */
        ENDED
    }

    private final Http2FrameOutput output;
    private final Http2HeaderFrames headers;
    private final OutputWindow connectionWindow;
    private final TimeoutControl timeouts;

    private int frameSize;
    private boolean finishing;
    private long dataFrames;
    private volatile long dataFramesSent;

    Http2ResponseFrames(
            Http2FrameOutput output,
            Http2HeaderFrames headers,
            OutputWindow connectionWindow,
            TimeoutControl timeouts,
            int frameSize) {
        this.output = output;
        this.headers = headers;
        this.connectionWindow = connectionWindow;
        this.timeouts = timeouts;
        this.frameSize = frameSize;
    }

    /** Sets how long a frame may be from now on. */
    void frameSize(int size) {
        frameSize = size;
    }

    /** From now on only producers that have ended are served, and they do not wait. */
    void finishing() {
        finishing = true;
    }

    /**
     * How many DATA frames were sent so far, not counting those that the client's window has cut to
     * next to nothing (CVE-2019-9511). From any thread.
     */
    long dataFramesSent() {
        return dataFramesSent;
    }

    /**
     * Gives a producer its turn.
     *
     * @throws IOException when the transport has failed
     * @throws IllegalArgumentException when a field can not be sent
     */
    Outcome send(Http2OutputProducer producer) throws IOException {
        producer.windowBlocked = false;
        Http2OutputEnd.Abort abort = producer.end().abort();
        if (abort != null && !abort.send()) {
            return end(producer, false, null);
        }
        // First the pipe: what it shows was written after the head.
        ReadResult body = producer.body().tryRead();
        long waiting = body == null ? 0 : body.buffer().length();
        boolean complete = body != null && body.isCompleted();
        if (finishing && abort == null && !complete) {
            return end(producer, false, null);
        }
        HttpHeaders trailers = complete ? producer.head().trailers() : null;
        boolean headOnly = complete && waiting == 0 && trailers == null;
        if (writeHeads(producer, headOnly)) {
            return end(producer, true, null);
        }
        if (!producer.headWritten) {
            if (body != null) {
                producer.body().advanceTo(0);
            }
            return abort == null ? Outcome.LATER : end(producer, false, null);
        }
        if (waiting > 0 && body != null) {
            int room = Math.min(producer.window().available(), connectionWindow.available());
            if (room <= 0) {
                producer.body().advanceTo(0);
                return blocked(producer, abort, complete);
            }
            if (output.hasControls() && !finishing) {
                // One may be the acknowledgement of the SETTINGS that made this room: it is first.
                producer.body().advanceTo(0);
                return Outcome.AGAIN;
            }
            int count = (int) Math.min(waiting, Math.min(room, frameSize));
            waiting -= count;
            boolean last = waiting == 0 && complete && trailers == null;
            writeData(producer, body, count, last);
            if (waiting == 0 || count >= WORTH_A_FRAME) {
                countDataFrame();
            }
            if (last) {
                return end(producer, true, null);
            }
            if (waiting > 0) {
                if (count < room) {
                    unstall(producer);
                }
                return Outcome.AGAIN;
            }
        } else {
            if (body != null) {
                producer.body().advanceTo(0);
            }
        }
        unstall(producer);
        if (complete) {
            writeEnd(producer, trailers);
            return end(producer, true, null);
        }
        return abort == null ? Outcome.LATER : end(producer, false, null);
    }

    /** Writes interim responses and the head; true when the head is all there is. */
    private boolean writeHeads(Http2OutputProducer producer, boolean endStream) throws IOException {
        Http2OutputHead head = producer.head();
        boolean published = head.isPublished();
        for (Http2OutputHead.Interim interim = head.pollInterim();
                interim != null;
                interim = head.pollInterim()) {
            output.responseFollows(producer.rate());
            headers.writeHead(
                    producer.streamId(), interim.status(), interim.fields(), false, frameSize);
        }
        if (!published || producer.headWritten) {
            return false;
        }
        producer.headWritten = true;
        output.responseFollows(producer.rate());
        headers.writeHead(producer.streamId(), head.status(), head.fields(), endStream, frameSize);
        return endStream;
    }

    private void writeData(Http2OutputProducer producer, ReadResult body, int count, boolean last)
            throws IOException {
        output.responseFollows(producer.rate());
        output.data(
                last ? Http2Flags.END_STREAM : Http2Flags.NONE,
                producer.streamId(),
                body.buffer(),
                count);
        producer.body().advanceTo(count);
        producer.window().consume(count);
        connectionWindow.consume(count);
        timeouts.bytesReleased(count);
    }

    /** The end after the last byte: trailers, or an empty frame, which needs no window. */
    private void writeEnd(Http2OutputProducer producer, @Nullable HttpHeaders trailers)
            throws IOException {
        output.responseFollows(producer.rate());
        if (trailers != null) {
            headers.writeTrailers(producer.streamId(), trailers, frameSize);
        } else {
            output.emptyData(producer.streamId());
            countDataFrame();
        }
    }

    private void countDataFrame() {
        dataFrames++;
        dataFramesSent = dataFrames;
    }

    private Outcome blocked(
            Http2OutputProducer producer, Http2OutputEnd.@Nullable Abort abort, boolean complete) {
        if (finishing || (abort != null && !(complete && abort.waitsForResponse()))) {
            return end(producer, false, null);
        }
        if (producer.window().available() <= 0) {
            // In this order: whoever increases the window looks at the flag after it.
            producer.windowBlocked = true;
            if (producer.window().available() > 0) {
                return Outcome.AGAIN;
            }
            stall(producer);
            return Outcome.LATER;
        }
        stall(producer);
        return Outcome.BLOCKED;
    }

    /**
     * Ends a producer: sends RST_STREAM when it is asked for, drops what is left, and tells.
     *
     * @param endStream whether END_STREAM was sent
     * @param why what the application is told when nobody has aborted the output
     */
    Outcome end(Http2OutputProducer producer, boolean endStream, @Nullable IOException why) {
        unstall(producer);
        Http2OutputEnd end = producer.end();
        IOException reason = why;
        if (why == null && !endStream && end.abort() == null) {
            reason = new ConnectionAbortedException("The connection has ended");
        }
        Http2OutputEnd.Abort reset = end.close(endStream, reason);
        if (reset != null && why == null) {
            output.rstStream(producer.streamId(), reset.code());
        }
        Http2OutputEnd.Abort abort = end.abort();
        producer.body().complete(abort == null ? null : abort.reason());
        end.ended(endStream);
        return Outcome.ENDED;
    }

    private void stall(Http2OutputProducer producer) {
        MinDataRate rate = producer.rate();
        if (rate != null && !producer.stalled) {
            producer.stalled = true;
            timeouts.startResponseStall(rate);
        }
    }

    private void unstall(Http2OutputProducer producer) {
        if (producer.stalled) {
            producer.stalled = false;
            timeouts.stopResponseStall();
        }
    }
}
