package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionResetException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The frames that have come and that no test has asked for yet. Between streams a server promises
 * no order, so what is not asked for waits. WINDOW_UPDATE is kept aside.
 */
final class Http2Inbox {

    private static final int REMEMBERED = 60;

    private final Http2FrameReader reader;
    private final List<Http2ReceivedFrame> waiting = new ArrayList<>();
    private final List<Http2ReceivedFrame> windowUpdates = new ArrayList<>();
    private final Set<Integer> ignored = new HashSet<>();
    private final Deque<String> seen = new ArrayDeque<>();

    Http2Inbox(Http2FrameReader reader) {
        this.reader = reader;
    }

    /** Takes the first frame that came, or will come, and that is wanted. */
    Http2ReceivedFrame take(String what, Predicate<Http2ReceivedFrame> wanted) {
        for (int i = 0; i < waiting.size(); i++) {
            if (wanted.test(waiting.get(i))) {
                return waiting.remove(i);
            }
        }
        while (true) {
            Http2ReceivedFrame frame = readFor(what);
            if (!isRecorded(frame)) {
                if (wanted.test(frame)) {
                    return frame;
                }
                waiting.add(frame);
            }
        }
    }

    /** Takes the first WINDOW_UPDATE that came, or will come, for a stream. */
    Http2ReceivedFrame takeWindowUpdate(int streamId) {
        while (true) {
            for (int i = 0; i < windowUpdates.size(); i++) {
                if (windowUpdates.get(i).streamId() == streamId) {
                    return windowUpdates.remove(i);
                }
            }
            receive("WINDOW_UPDATE(" + streamId + ")");
        }
    }

    /** Reads one frame, which waits to be asked for. */
    void receive(String what) {
        Http2ReceivedFrame frame = readFor(what);
        if (!isRecorded(frame)) {
            waiting.add(frame);
        }
    }

    private Http2ReceivedFrame readFor(String what) {
        try {
            Http2ReceivedFrame frame = read();
            if (frame == null) {
                throw new AssertionError("The server has ended the connection");
            }
            return frame;
        } catch (IOException | AssertionError e) {
            throw new AssertionError("Expected " + what + ": " + e.getMessage() + this, e);
        }
    }

    /** Puts back what is left of a frame, before all others. */
    void putBack(Http2ReceivedFrame rest) {
        waiting.addFirst(rest);
    }

    /** Frames of a stream, from here on and those that wait, are dropped. */
    void ignore(int streamId) {
        ignored.add(streamId);
        waiting.removeIf(frame -> frame.streamId() == streamId);
    }

    /** The sum of what was recorded for a stream and not taken. */
    long windowUpdates(int streamId) {
        return windowUpdates.stream()
                .filter(frame -> frame.streamId() == streamId)
                .mapToLong(frame -> frame.intAt(0))
                .sum();
    }

    void forgetWindowUpdates(int streamId) {
        windowUpdates.removeIf(frame -> frame.streamId() == streamId);
    }

    /** Reads to the end of the connection; returns whether it was a reset. */
    boolean readToEnd() {
        try {
            while (true) {
                Http2ReceivedFrame frame = read();
                if (frame == null) {
                    return false;
                }
                if (!isRecorded(frame)) {
                    waiting.add(frame);
                }
            }
        } catch (ConnectionResetException e) {
            return true;
        } catch (IOException | AssertionError e) {
            throw new AssertionError(
                    "Expected the end of the connection: " + e.getMessage() + this, e);
        }
    }

    /** Fails when a frame waits that no test has asked for. */
    void requireEmpty(String what) {
        List<Http2ReceivedFrame> left =
                waiting.stream().filter(frame -> !frame.isOnlyEnd()).toList();
        if (!left.isEmpty()) {
            throw new AssertionError("Expected " + what + " but first there is " + left + this);
        }
    }

    private @Nullable Http2ReceivedFrame read() throws IOException {
        Http2ReceivedFrame frame = reader.read();
        if (frame != null) {
            seen.add(frame.toString());
            if (seen.size() > REMEMBERED) {
                seen.remove();
            }
        }
        return frame;
    }

    private boolean isRecorded(Http2ReceivedFrame frame) {
        if (frame.type() == Http2Frames.WINDOW_UPDATE) {
            windowUpdates.add(frame);
            return true;
        }
        return ignored.contains(frame.streamId());
    }

    /** What the server has sent so far. */
    @Override
    public String toString() {
        return "\nThe server has sent, latest last:\n  " + String.join("\n  ", seen);
    }
}
