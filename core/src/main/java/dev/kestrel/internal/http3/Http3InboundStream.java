package dev.kestrel.internal.http3;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.connections.multiplexed.StreamContext;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A stream on which the client alone sends (RFC 9114 section 6.2), and its thread: finds out what
 * it is, and then reads the client's control stream, or follows one of QPACK. Others are not
 * wanted, and the client is told so.
 */
final class Http3InboundStream implements Runnable {

    private static final long CONTROL = 0x0;
    private static final long PUSH = 0x1;
    private static final long ENCODER = 0x2;
    private static final long DECODER = 0x3;

    private static final ConnectionAbortedException NOT_WANTED =
            new ConnectionAbortedException("A stream of a type that is not known here");

    private final StreamContext stream;
    private final Http3InboundStreams all;
    private final Http3StreamParts parts;
    private final Http3ControlFrames.Listener control;
    private final Http3Deadline deadline;

    /** Which of those it is that must not end, once that is known. */
    private @Nullable String critical;

    Http3InboundStream(
            StreamContext stream,
            Http3InboundStreams all,
            Http3StreamParts parts,
            Http3ControlFrames.Listener control) {
        this.stream = stream;
        this.all = all;
        this.parts = parts;
        this.control = control;
        deadline = new Http3Deadline(parts.clock());
        deadline.set(parts.bounds().headersTimeout());
    }

    /** A beat: the type has its time to come. */
    void tick() {
        if (deadline.expired()) {
            stream.abortRead(
                    Http3ErrorCode.STREAM_CREATION_ERROR,
                    new ConnectionAbortedException("The type of a stream did not come in time"));
        }
    }

    @Override
    public void run() {
        PipeReader input = stream.transport().input();
        try {
            serve(input);
        } catch (Http3ConnectionException e) {
            parts.events().connectionFailed(e);
        } catch (StreamResetException e) {
            closed(e);
        } catch (IOException e) {
            // The connection has ended, or the stream was not wanted.
        } catch (Throwable e) { // The last frame of the thread: nothing may go past it unseen.
            parts.events().failed(e);
        } finally {
            input.complete();
            // Of those that must not end, only once the connection has.
            stream.close();
            all.ended(this);
        }
    }

    private void serve(PipeReader input) throws IOException {
        long type = readType(input);
        deadline.clear();
        if (type == VarInt.INCOMPLETE) {
            // RFC 9114 section 6.2: streams may end before their type has come.
            return;
        }
        if (type == CONTROL) {
            begin(type, "control");
            new Http3ControlFrames(parts.guards(), control).read(input);
        } else if (type == ENCODER) {
            begin(type, "encoder");
            follow(
                    input,
                    (array, from, count) ->
                            parts.qpack().onEncoderStream(array, from, from + count));
        } else if (type == DECODER) {
            begin(type, "decoder");
            follow(
                    input,
                    (array, from, count) ->
                            parts.qpack().onDecoderStream(array, from, from + count));
        } else if (type == PUSH) {
            // RFC 9114 section 6.2.2.
            throw new Http3ConnectionException(
                    Http3ErrorCode.STREAM_CREATION_ERROR, "A client has opened a push stream");
        } else {
            parts.guards().idleFrame();
            stream.abortRead(Http3ErrorCode.STREAM_CREATION_ERROR, NOT_WANTED);
            return;
        }
        closed(new IOException("The client has ended it"));
    }

    private void begin(long type, String name) throws Http3ConnectionException {
        if (!all.tryBegin(type)) {
            throw new Http3ConnectionException(
                    Http3ErrorCode.STREAM_CREATION_ERROR, "A second " + name + " stream");
        }
        critical = name;
    }

    private void closed(IOException reason) {
        String which = critical;
        if (which != null) {
            parts.events().criticalStreamClosed(which, reason);
        }
    }

    private static long readType(PipeReader input) throws IOException {
        while (true) {
            ReadResult result = input.read();
            ByteSequence buffer = result.buffer();
            long type = VarInt.read(buffer, 0);
            boolean last = result.isCompleted();
            if (type != VarInt.INCOMPLETE) {
                input.advanceTo(VarInt.length(buffer.get(0)));
                return type;
            }
            input.advanceTo(0, buffer.length());
            if (last) {
                return VarInt.INCOMPLETE;
            }
        }
    }

    /** Hands on what comes until the stream ends. */
    private static void follow(PipeReader input, ByteSequence.BlockAction instructions)
            throws IOException {
        while (true) {
            ReadResult result = input.read();
            boolean last = result.isCompleted();
            long length = result.buffer().length();
            try {
                result.buffer().forEach(instructions);
            } finally {
                input.advanceTo(length);
            }
            if (last) {
                return;
            }
        }
    }
}
