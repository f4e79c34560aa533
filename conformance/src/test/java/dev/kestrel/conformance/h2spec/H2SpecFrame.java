package dev.kestrel.conformance.h2spec;

import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;

import java.nio.ByteBuffer;

/** A frame that the server has sent. */
record H2SpecFrame(int type, int flags, int streamId, byte[] payload) {

    boolean endsStream() {
        return (type == Http2Frames.DATA || type == Http2Frames.HEADERS)
                && (flags & Http2Frames.END_STREAM) != 0;
    }

    boolean isAck() {
        return (flags & Http2Frames.ACK) != 0;
    }

    /** Of RST_STREAM and GOAWAY. */
    int errorCode() {
        return ByteBuffer.wrap(payload).getInt(type == Http2Frames.GOAWAY ? 4 : 0);
    }

    @Override
    public String toString() {
        String text =
                Http2Frames.nameOf(type)
                        + "(stream "
                        + streamId
                        + ", flags "
                        + flags
                        + ", length "
                        + payload.length
                        + ")";
        return type == Http2Frames.RST_STREAM || type == Http2Frames.GOAWAY
                ? text + " " + Http2Error.nameOf(errorCode())
                : text;
    }
}
