package dev.kestrel.internal.http3;

import dev.kestrel.internal.protocol.Priority;
import dev.kestrel.pipelines.PipeReader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The client's control stream (RFC 9114 section 6.2.1): SETTINGS, then what else there may be. On a
 * thread of its own; no request waits for it.
 */
final class Http3ControlFrames {

    /** The longest frame, known or not, as in the original. */
    private static final int MOST_BYTES = 10_000;

    private static final int STREAM_KINDS = 3;
    private static final byte[] NOTHING = {};

    /** What frames bring about. */
    interface Listener {
        /** The client has said what it takes. */
        void settings(Http3Settings settings);

        /** The client wants no more, and will send no further requests. */
        void goAway();

        /** The client wants a stream served in another way. */
        void priority(long streamId, Priority priority);
    }

    private final Http3FrameReader frames = new Http3FrameReader(null);
    private final Http3Guards guards;
    private final Listener listener;
    private byte[] payload = NOTHING;
    private int length;
    private boolean settled;
    private long maxPushId = -1;
    private long lastGoAway = VarInt.MAX;

    Http3ControlFrames(Http3Guards guards, Listener listener) {
        this.guards = guards;
        this.listener = listener;
    }

    /** Reads frames until the stream ends, which it must not. */
    void read(PipeReader input) throws IOException {
        frames.begin(input);
        while (frames.next()) {
            long type = frames.type();
            if (!settled && type != Http3FrameType.SETTINGS) {
                throw new Http3ConnectionException(
                        Http3ErrorCode.MISSING_SETTINGS, "SETTINGS are not the first frame");
            }
            if (frames.remaining() > MOST_BYTES) {
                throw new Http3ConnectionException(
                        Http3ErrorCode.FRAME_ERROR, "A frame of the control stream is too long");
            }
            guards.idleFrame();
            process(type);
        }
    }

    private void process(long type) throws IOException {
        if (type == Http3FrameType.SETTINGS && !settled) {
            settled = true;
            load();
            Http3Settings settings = new Http3Settings();
            settings.read(payload, length);
            listener.settings(settings);
        } else if (type == Http3FrameType.GOAWAY) {
            goAway(only());
        } else if (type == Http3FrameType.MAX_PUSH_ID) {
            long id = only();
            if (id < maxPushId) {
                throw badId("MAX_PUSH_ID goes back");
            }
            maxPushId = id;
        } else if (type == Http3FrameType.CANCEL_PUSH) {
            only();
            throw badId("CANCEL_PUSH of what was never promised");
        } else if (type == Http3FrameType.PRIORITY_UPDATE) {
            priority();
        } else if (type == Http3FrameType.PRIORITY_UPDATE_OF_PUSH) {
            throw badId("PRIORITY_UPDATE of what was never promised");
        } else {
            Http3FrameType.requireUnknown(type);
            frames.skip();
        }
        // An idle connection holds next to nothing.
        payload = NOTHING;
    }

    private void goAway(long id) throws Http3ConnectionException {
        // RFC 9114 section 5.2.
        if (id > lastGoAway) {
            throw badId("GOAWAY with a greater identifier than before");
        }
        lastGoAway = id;
        listener.goAway();
    }

    /** RFC 9218 section 7.2. */
    private void priority() throws IOException {
        load();
        long id = VarInt.read(payload, 0, length);
        if (id == VarInt.INCOMPLETE) {
            throw malformed();
        }
        if ((id & STREAM_KINDS) != 0) {
            throw badId("PRIORITY_UPDATE of what is no request");
        }
        int at = VarInt.length(payload[0]);
        String value = new String(payload, at, length - at, StandardCharsets.ISO_8859_1);
        listener.priority(id, Priority.parse(value));
    }

    /** The payload of a frame that has one integer and nothing else. */
    private long only() throws IOException {
        if (frames.remaining() > VarInt.MAX_LENGTH) {
            throw malformed();
        }
        load();
        long value = VarInt.read(payload, 0, length);
        if (value == VarInt.INCOMPLETE || VarInt.length(payload[0]) != length) {
            throw malformed();
        }
        return value;
    }

    private void load() throws IOException {
        length = (int) frames.remaining();
        payload = new byte[length];
        int at = 0;
        while (frames.remaining() > 0) {
            at += Math.max(0, frames.read(payload, at, length - at));
        }
    }

    private static Http3ConnectionException badId(String message) {
        return new Http3ConnectionException(Http3ErrorCode.ID_ERROR, message);
    }

    private static Http3ConnectionException malformed() {
        return new Http3ConnectionException(
                Http3ErrorCode.FRAME_ERROR, "A frame of the control stream is malformed");
    }
}
