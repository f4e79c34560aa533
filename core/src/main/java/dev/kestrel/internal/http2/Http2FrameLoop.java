package dev.kestrel.internal.http2;

import dev.kestrel.internal.protocol.Priority;
import dev.kestrel.pipelines.ByteSequence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What each frame of the client does (RFC 9113 section 6). Nothing here waits: bodies go into the
 * pipes of their streams, which the windows bound, and answers into the queue of the writer.
 */
final class Http2FrameLoop {

    /** What concerns the connection as a whole. */
    interface Events {
        /** The client wants to open no further streams. */
        void goAwayReceived();

        /** Our SETTINGS hold from now on. */
        void settingsAcknowledged();

        /** A stream did something that it must not. */
        void streamFailed(Http2StreamException error) throws Http2ConnectionException;
    }

    private final Http2Streams streams;
    private final Http2Guards guards;
    private final Http2FrameWriter writer;
    private final InputFlowControl connectionInput;
    private final WindowUpdates windowUpdates;
    private final Http2HeaderBlocks blocks;
    private final Http2KeepAlive keepAlive;
    private final Events events;
    private final Http2Settings settings;
    private final Http2PendingPriorities priorities;
    private boolean begun;

    Http2FrameLoop(
            Http2StreamParts parts,
            Http2HeaderBlocks blocks,
            Http2KeepAlive keepAlive,
            Http2Settings settings,
            Http2PendingPriorities priorities,
            Events events) {
        streams = parts.streams();
        guards = parts.guards();
        writer = parts.writer();
        connectionInput = parts.connectionInput();
        windowUpdates = parts.windowUpdates();
        this.blocks = blocks;
        this.keepAlive = keepAlive;
        this.settings = settings;
        this.priorities = priorities;
        this.events = events;
    }

    /** Does what a frame says. */
    void process(Http2Frame frame) throws IOException {
        int open = blocks.openId();
        int type = frame.type();
        // RFC 9113 section 3.4: the preface ends with SETTINGS.
        if (!begun && (type != Http2FrameType.SETTINGS || frame.has(Http2Flags.ACK))) {
            throw protocolError(Http2FrameType.nameOf(type) + " before SETTINGS");
        }
        begun = true;
        // RFC 9113 section 6.10: nothing may come between the frames of a header block.
        if (open != 0 && (type != Http2FrameType.CONTINUATION || frame.streamId() != open)) {
            throw protocolError(
                    Http2FrameType.nameOf(type) + " in the middle of the header block of " + open);
        }
        if (type == Http2FrameType.PING && frame.has(Http2Flags.ACK)) {
            keepAlive.pingAnswered();
        } else {
            keepAlive.frameReceived();
        }
        try {
            switch (type) {
                case Http2FrameType.DATA -> data(frame);
                case Http2FrameType.HEADERS -> {
                    requireClientStream(frame);
                    blocks.headers(frame);
                }
                case Http2FrameType.CONTINUATION -> blocks.continuation(frame);
                case Http2FrameType.WINDOW_UPDATE -> windowUpdate(frame);
                case Http2FrameType.RST_STREAM -> rstStream(frame);
                case Http2FrameType.SETTINGS -> settings(frame);
                case Http2FrameType.PING -> ping(frame);
                case Http2FrameType.PRIORITY -> priority(frame);
                case Http2FrameType.PRIORITY_UPDATE -> priorityUpdate(frame);
                case Http2FrameType.GOAWAY -> goAway(frame);
                case Http2FrameType.PUSH_PROMISE ->
                        throw protocolError("A client can not push: PUSH_PROMISE");
                // RFC 9113 section 4.1: frames of unknown types are ignored.
                default -> guards.idleFrame();
            }
        } catch (Http2StreamException e) {
            events.streamFailed(e);
        }
    }

    /** RFC 9113 section 6.1. */
    private void data(Http2Frame frame) throws IOException {
        requireClientStream(frame);
        ByteSequence payload = frame.data();
        int length = frame.length();
        int id = frame.streamId();
        Http2Stream stream = streams.get(id);
        if (stream == null) {
            throw idleOrClosed(frame);
        }
        Http2StreamState state = stream.state();
        if (state.isResetReceived() || (state.isInputEnded() && state.isClosed())) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.STREAM_CLOSED, "DATA on closed stream " + id);
        }
        if (!connectionInput.tryReceive(length)) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the connection's window");
        }
        boolean end = frame.has(Http2Flags.END_STREAM);
        if (state.isInputEnded()) {
            giveBack(length);
            throw new Http2StreamException(
                    id, Http2ErrorCode.STREAM_CLOSED, "DATA behind the end of the request");
        }
        if (state.isResetSent()) {
            giveBack(length);
            guards.idleFrame();
            if (end) {
                stream.receiveEndOfDropped();
            }
            return;
        }
        if (!end) {
            guards.dataSent(writer.dataFramesSent());
            guards.data(payload.length());
        }
        stream.receive(payload, length);
        if (end) {
            stream.receiveEnd();
        }
    }

    private void giveBack(int length) {
        int increment = connectionInput.release(length);
        if (increment > 0) {
            windowUpdates.send(0, increment);
        }
    }

    /** RFC 9113 section 6.9. */
    private void windowUpdate(Http2Frame frame)
            throws Http2ConnectionException, Http2StreamException {
        int id = frame.streamId();
        requireNotServerStream(frame);
        requireLength(frame, 4);
        frame.load();
        guards.dataSent(writer.dataFramesSent());
        guards.idleFrame();
        int increment = frame.intAt(0) & Integer.MAX_VALUE;
        if (id == 0) {
            if (increment == 0) {
                throw protocolError("WINDOW_UPDATE of nothing on the connection");
            }
            if (!writer.increaseConnectionWindow(increment)) {
                throw new Http2ConnectionException(
                        Http2ErrorCode.FLOW_CONTROL_ERROR, "The connection's window overflows");
            }
            return;
        }
        Http2Stream stream = streams.get(id);
        if (stream == null) {
            requireNotIdle(frame);
            return;
        }
        if (stream.state().isResetReceived()) {
            throw new Http2StreamException(
                    id, Http2ErrorCode.STREAM_CLOSED, "WINDOW_UPDATE behind RST_STREAM");
        }
        if (increment == 0) {
            throw new Http2StreamException(
                    id, Http2ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
        }
        if (!stream.output().increaseWindow(increment)) {
            throw new Http2StreamException(
                    id, Http2ErrorCode.FLOW_CONTROL_ERROR, "The stream's window overflows");
        }
    }

    /** RFC 9113 section 6.4. */
    private void rstStream(Http2Frame frame) throws Http2ConnectionException {
        requireClientStream(frame);
        requireLength(frame, 4);
        Http2Stream stream = streams.get(frame.streamId());
        if (stream == null) {
            requireNotIdle(frame);
            guards.idleFrame();
            return;
        }
        // Behind its whole answer it cost no more than any other request; and a stream ends once,
        // though a client may say so for each frame that was on its way (RFC 9113 section 5.4.2).
        if (stream.state().isReset() || stream.state().isEndSent()) {
            guards.idleFrame();
        } else {
            guards.reset();
        }
        frame.load();
        stream.receiveReset(Integer.toUnsignedLong(frame.intAt(0)));
    }

    /** RFC 9113 section 6.5. */
    private void settings(Http2Frame frame) throws Http2ConnectionException {
        requireConnection(frame);
        guards.idleFrame();
        if (frame.has(Http2Flags.ACK)) {
            requireLength(frame, 0);
            events.settingsAcknowledged();
            return;
        }
        if (frame.length() % Http2Settings.PARAMETER_LENGTH != 0) {
            throw frameSizeError("The length of SETTINGS is no multiple of 6");
        }
        frame.load();
        int window = settings.initialWindowSize();
        for (int at = 0; at < frame.length(); at += Http2Settings.PARAMETER_LENGTH) {
            settings.set(frame.shortAt(at), frame.intAt(at + 2));
        }
        writer.peerSettings(
                settings.maxFrameSize(), settings.headerTableSize(), settings.maxHeaderListSize());
        int delta = settings.initialWindowSize() - window;
        requireFits(delta);
        // DATA that a larger window allows follows the acknowledgement, behind which many clients
        // allow it only; behind the acknowledgement of a smaller one nothing passes that.
        shiftWindows(Math.min(delta, 0));
        writer.controls().settingsAck();
        shiftWindows(Math.max(delta, 0));
    }

    /** RFC 9113 section 6.9.2: no window may pass 2^31-1. */
    private void requireFits(int delta) throws Http2ConnectionException {
        boolean[] overflow = new boolean[1];
        if (delta > 0) {
            streams.forEach(stream -> overflow[0] |= !stream.output().window().fits(delta));
        }
        if (overflow[0]) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.FLOW_CONTROL_ERROR,
                    "SETTINGS_INITIAL_WINDOW_SIZE makes a stream's window overflow");
        }
    }

    /** RFC 9113 section 6.9.2: the change holds for all streams, whose windows may go negative. */
    private void shiftWindows(int delta) {
        if (delta != 0) {
            streams.forEach(stream -> stream.output().shiftWindow(delta));
        }
    }

    /** RFC 9113 section 6.7. */
    private void ping(Http2Frame frame) throws Http2ConnectionException {
        requireConnection(frame);
        requireLength(frame, 8);
        guards.dataSent(writer.dataFramesSent());
        guards.idleFrame();
        if (!frame.has(Http2Flags.ACK)) {
            frame.load();
            writer.controls()
                    .ping(true, (long) frame.intAt(0) << 32 | frame.intAt(4) & 0xffff_ffffL);
        }
    }

    /** RFC 9113 section 6.3: checked, and otherwise ignored. */
    private void priority(Http2Frame frame) throws Http2ConnectionException, Http2StreamException {
        requireClientStream(frame);
        guards.idleFrame();
        int id = frame.streamId();
        if (frame.length() != 5) {
            throw priorityError(id, Http2ErrorCode.FRAME_SIZE_ERROR, "PRIORITY has five bytes");
        }
        frame.load();
        if ((frame.intAt(0) & Integer.MAX_VALUE) == id) {
            throw priorityError(id, Http2ErrorCode.PROTOCOL_ERROR, "The stream depends on itself");
        }
    }

    /** A stream error, but for a stream that is idle: that can not be reset. */
    private Http2StreamException priorityError(int id, Http2ErrorCode code, String message)
            throws Http2ConnectionException {
        if (id > blocks.highestId()) {
            throw new Http2ConnectionException(code, message);
        }
        return new Http2StreamException(id, code, message);
    }

    /** RFC 9218 section 7.1. */
    private void priorityUpdate(Http2Frame frame) throws Http2ConnectionException {
        requireConnection(frame);
        guards.idleFrame();
        if (frame.length() < 4) {
            throw frameSizeError("PRIORITY_UPDATE is too short");
        }
        frame.load();
        int id = frame.intAt(0) & Integer.MAX_VALUE;
        if (id == 0 || id % 2 == 0) {
            throw protocolError("PRIORITY_UPDATE for stream " + id);
        }
        Priority priority =
                Priority.parse(
                        new String(
                                frame.array(),
                                frame.from() + 4,
                                frame.length() - 4,
                                StandardCharsets.ISO_8859_1));
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            stream.output().priority(priority);
        } else if (id > blocks.highestId()) {
            priorities.put(id, priority);
        }
    }

    /** RFC 9113 section 6.8. */
    private void goAway(Http2Frame frame) throws Http2ConnectionException {
        requireConnection(frame);
        guards.idleFrame();
        if (frame.length() < 8) {
            throw frameSizeError("GOAWAY is too short");
        }
        events.goAwayReceived();
    }

    private void requireClientStream(Http2Frame frame) throws Http2ConnectionException {
        if (frame.streamId() % 2 == 0) {
            throw protocolError(
                    Http2FrameType.nameOf(frame.type()) + " on stream " + frame.streamId());
        }
    }

    private void requireNotServerStream(Http2Frame frame) throws Http2ConnectionException {
        if (frame.streamId() != 0) {
            requireClientStream(frame);
        }
    }

    private void requireConnection(Http2Frame frame) throws Http2ConnectionException {
        if (frame.streamId() != 0) {
            throw protocolError(
                    Http2FrameType.nameOf(frame.type()) + " on stream " + frame.streamId());
        }
    }

    private void requireLength(Http2Frame frame, int length) throws Http2ConnectionException {
        if (frame.length() != length) {
            throw frameSizeError(
                    Http2FrameType.nameOf(frame.type()) + " has " + frame.length() + " bytes");
        }
    }

    private void requireNotIdle(Http2Frame frame) throws Http2ConnectionException {
        if (frame.streamId() > blocks.highestId()) {
            throw protocolError(
                    Http2FrameType.nameOf(frame.type()) + " on idle stream " + frame.streamId());
        }
    }

    private Http2ConnectionException idleOrClosed(Http2Frame frame)
            throws Http2ConnectionException {
        requireNotIdle(frame);
        return new Http2ConnectionException(
                Http2ErrorCode.STREAM_CLOSED,
                Http2FrameType.nameOf(frame.type()) + " on closed stream " + frame.streamId());
    }

    private static Http2ConnectionException protocolError(String message) {
        return new Http2ConnectionException(Http2ErrorCode.PROTOCOL_ERROR, message);
    }

    private static Http2ConnectionException frameSizeError(String message) {
        return new Http2ConnectionException(Http2ErrorCode.FRAME_SIZE_ERROR, message);
    }
}
