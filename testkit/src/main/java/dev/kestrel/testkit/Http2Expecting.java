package dev.kestrel.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a conversation expects of a stream. It has to come in that order; frames of other streams
 * wait until they are asked for.
 */
abstract class Http2Expecting<T extends Http2Expecting<T>> extends Http2Sending<T> {

    final Http2Books books = new Http2Books();
    final Http2Inbox inbox;

    Http2Expecting(MemoryConnection connection) {
        inbox = new Http2Inbox(new Http2FrameReader(connection, books));
    }

    /** Takes the next frame of any stream except WINDOW_UPDATE, in the order in which they came. */
    public Http2ReceivedFrame nextFrame() {
        return inbox.take("a frame", frame -> !frame.isOnlyEnd());
    }

    /** Takes the next frame of a stream except WINDOW_UPDATE. */
    public Http2ReceivedFrame nextFrame(int streamId) {
        return inbox.take(
                "a frame of stream " + streamId,
                frame -> frame.streamId() == streamId && !frame.isOnlyEnd());
    }

    /** Takes the next frame of a stream, which has to be of a type. */
    Http2ReceivedFrame next(String what, int type, int streamId) {
        String expected = Http2Frames.nameOf(type) + "(" + streamId + ")" + what;
        Http2ReceivedFrame frame =
                inbox.take(
                        expected,
                        f ->
                                f.streamId() == streamId
                                        && (!f.isOnlyEnd() || type == Http2Frames.DATA));
        if (frame.type() != type) {
            throw new AssertionError("Expected " + expected + " but got " + frame + inbox);
        }
        return frame;
    }

    /** Expects the head of a response, final or interim. */
    public Http2Response expectHeaders(int streamId) {
        Http2ReceivedFrame frame = next("", Http2Frames.HEADERS, streamId);
        if (frame.endsStream()) {
            inbox.putBack(frame.rest(frame.length()));
        }
        return new Http2Response(frame);
    }

    /** Reads a response to its end, or to its reset by the server. */
    public Http2Response expectResponse(int streamId) {
        List<Http2Response> interims = new ArrayList<>();
        Http2ReceivedFrame head = next("", Http2Frames.HEADERS, streamId);
        while (new Http2Response(head).status() < 200) {
            interims.add(new Http2Response(head));
            head = next("", Http2Frames.HEADERS, streamId);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Http2ReceivedFrame last = head;
        while (!last.endsStream()) {
            last = nextFrame(streamId);
            if (last.type() == Http2Frames.RST_STREAM) {
                int code = last.intAt(0);
                return new Http2Response(head, interims, body.toByteArray(), List.of(), code);
            }
            if (last.type() == Http2Frames.DATA) {
                body.writeBytes(last.payload());
            }
        }
        boolean trailers = last != head && last.type() == Http2Frames.HEADERS;
        return new Http2Response(
                head, interims, body.toByteArray(), trailers ? last.fields() : List.of(), null);
    }

    /** Expects DATA, however it is cut. */
    public T expectData(int streamId, String text) {
        byte[] seen = readData(streamId, text.getBytes(StandardCharsets.UTF_8).length);
        return check("DATA", text, new String(seen, StandardCharsets.UTF_8), self());
    }

    /** Reads DATA, however it is cut. */
    public byte[] readData(int streamId, int count) {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        while (seen.size() < count) {
            Http2ReceivedFrame frame = next("", Http2Frames.DATA, streamId);
            int take = Math.min(count - seen.size(), frame.length());
            seen.writeBytes(Arrays.copyOf(frame.payload(), take));
            if (take < frame.length() || frame.endsStream()) {
                inbox.putBack(frame.rest(take));
            }
            if (frame.endsStream() && take == frame.length() && seen.size() < count) {
                check("as many bytes of DATA", count, seen.size(), self());
            }
        }
        return seen.toByteArray();
    }

    /** Expects that nothing but END_STREAM follows what was read of a stream. */
    public T expectEndStream(int streamId) {
        Http2ReceivedFrame frame = next(" END_STREAM", Http2Frames.DATA, streamId);
        check("the length of the last DATA", 0, frame.length(), self());
        return check("END_STREAM", true, frame.endsStream(), self());
    }

    /** Expects RST_STREAM. */
    public T expectReset(int streamId, int code) {
        String name = Http2Error.nameOf(code);
        Http2ReceivedFrame frame = next(" " + name, Http2Frames.RST_STREAM, streamId);
        return check("RST_STREAM", name, Http2Error.nameOf(frame.intAt(0)), self());
    }

    /**
     * Waits for the next WINDOW_UPDATE of a stream, 0 for the connection; returns its increment.
     */
    public int nextWindowUpdate(int streamId) {
        return inbox.takeWindowUpdate(streamId).intAt(0);
    }

    /** Takes the next WINDOW_UPDATE of a stream. */
    public T expectWindowUpdate(int streamId, int increment) {
        int seen = inbox.takeWindowUpdate(streamId).intAt(0);
        return check("WINDOW_UPDATE(" + streamId + ")", increment, seen, self());
    }

    /** Takes as many WINDOW_UPDATE frames of a stream as make a sum. */
    public T expectWindowUpdates(int streamId, long sum) {
        long seen = 0;
        while (seen < sum) {
            seen += inbox.takeWindowUpdate(streamId).intAt(0);
        }
        return check("the sum of WINDOW_UPDATE(" + streamId + ")", sum, seen, self());
    }

    /** What WINDOW_UPDATE frames have come and were not taken. */
    public long windowUpdates(int streamId) {
        return inbox.windowUpdates(streamId);
    }

    /** Drops the frames of a stream, those that wait and those to come. */
    public T ignore(int streamId) {
        inbox.ignore(streamId);
        return self();
    }

    /** Compares; returns the last argument. */
    <R> R check(String what, Object expected, Object actual, R result) {
        if (!expected.equals(actual)) {
            throw new AssertionError(
                    "Expected " + what + " to be:\n" + expected + "\nbut got:\n" + actual + inbox);
        }
        return result;
    }
}
