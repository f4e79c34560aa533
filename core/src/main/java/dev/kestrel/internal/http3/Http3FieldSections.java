package dev.kestrel.internal.http3;

import dev.kestrel.connections.Signal;
import dev.kestrel.internal.hpack.HPackResult;
import dev.kestrel.internal.qpack.QPackFieldSection;

import java.io.IOException;

/**
 * Reads HEADERS frames of one stream: gives their payload to QPACK as it comes, and waits when a
 * section needs what the client's encoder stream has not brought yet. Belongs to who reads the
 * stream.
 */
final class Http3FieldSections {

    private static final byte[] NOTHING = {};

    private final Http3QPack qpack;
    private final Http3Guards guards;
    private final Http3FrameReader frames;
    private final QPackFieldSection section;
    private final Http3StreamLife stream;

    Http3FieldSections(Http3StreamParts parts, Http3FrameReader frames, Http3StreamLife stream) {
        this.qpack = parts.qpack();
        this.guards = parts.guards();
        this.frames = frames;
        this.stream = stream;
        section = qpack.newSection(parts.bounds());
    }

    /**
     * Reads the section of the HEADERS frame whose head was just read.
     *
     * @return how it stands against the limits
     * @throws Http3StreamException when it is far beyond them
     * @throws Http3ConnectionException when it can not be decoded
     */
    HPackResult read(Http3RequestHead head) throws IOException {
        section.begin(stream.streamId());
        readPrefix();
        if (section.isBlocked()) {
            awaitUnblocked();
        }
        HPackResult result = HPackResult.WITHIN_LIMITS;
        boolean done = false;
        while (!done) {
            done = frames.remaining() == 0;
            if (done) {
                result = decode(NOTHING, 0, 0, true, head);
            } else if (frames.piece()) {
                done = frames.isLastPiece();
                int from = frames.from();
                int to = frames.to();
                try {
                    result = decode(frames.array(), from, to, done, head);
                } finally {
                    frames.consume(to - from);
                }
            }
        }
        return result;
    }

    /** Waits until the client has sent what the section needs; by the deadline of the head. */
    private void awaitUnblocked() throws IOException {
        Signal.Registration end = stream.transport().closed().onFired(qpack::wakeBlocked);
        try {
            qpack.awaitUnblocked(section, stream);
        } finally {
            end.close();
        }
    }

    private HPackResult decode(byte[] array, int from, int to, boolean last, Http3RequestHead head)
            throws IOException {
        HPackResult result = qpack.decode(section, array, from, to, last, head);
        if (result.isFatal()) {
            guards.headerListTooLarge();
            throw new Http3StreamException(
                    stream.refusal(), "The fields are far beyond their limits");
        }
        return result;
    }

    private void readPrefix() throws IOException {
        while (!section.isPrefixComplete()) {
            if (frames.remaining() == 0) {
                qpack.readPrefix(section, NOTHING, 0, 0, true);
                return;
            }
            if (frames.piece()) {
                int from = frames.from();
                int at = from;
                try {
                    at =
                            qpack.readPrefix(
                                    section,
                                    frames.array(),
                                    from,
                                    frames.to(),
                                    frames.isLastPiece());
                } finally {
                    frames.consume(at - from);
                }
            }
        }
    }
}
