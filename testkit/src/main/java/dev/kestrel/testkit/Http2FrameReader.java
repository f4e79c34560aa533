package dev.kestrel.testkit;

import static dev.kestrel.testkit.Http2Books.require;

import dev.kestrel.internal.hpack.HPackDecoder;
import dev.kestrel.internal.hpack.HPackException;
import dev.kestrel.internal.hpack.HPackLimits;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads frames that a server has sent, decodes header blocks in the order in which they come, and
 * enters everything into the client's books.
 */
final class Http2FrameReader {

    private static final int LIMIT = 64 << 20;

    private final MemoryConnection connection;
    private final Http2Books books;
    private final HPackDecoder decoder =
            new HPackDecoder(4096, new HPackLimits(LIMIT, LIMIT, LIMIT));
    private long tableSize = 4096;

    Http2FrameReader(MemoryConnection connection, Http2Books books) {
        this.connection = connection;
        this.books = books;
    }

    /** The next frame, with its CONTINUATION frames; {@code null} at the end (FIN). */
    @Nullable Http2ReceivedFrame read() throws IOException {
        Http2ReceivedFrame frame = readOne();
        if (frame == null) {
            return null;
        }
        if (frame.type() == Http2Frames.HEADERS) {
            frame = readBlock(frame);
        }
        books.received(frame);
        followTableSize();
        return frame;
    }

    private Http2ReceivedFrame readBlock(Http2ReceivedFrame headers) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(headers.payload());
        List<Integer> pieces = new ArrayList<>(headers.pieces());
        Http2ReceivedFrame last = headers;
        while ((last.flags() & Http2Frames.END_HEADERS) == 0) {
            last = readOne();
            if (last == null) {
                throw new AssertionError("The server has ended the connection in a header block");
            }
            require(
                    last.type() == Http2Frames.CONTINUATION
                            && last.streamId() == headers.streamId()
                            && (last.flags() & ~Http2Frames.END_HEADERS) == 0,
                    "Nothing but CONTINUATION of the same stream in a header block",
                    "6.10",
                    last);
            block.writeBytes(last.payload());
            pieces.addAll(last.pieces());
        }
        byte[] all = block.toByteArray();
        List<Http2Response.Field> fields = new ArrayList<>();
        try {
            decoder.decode(
                    all,
                    0,
                    all.length,
                    true,
                    (name, value) -> fields.add(new Http2Response.Field(name.text(), value)));
        } catch (HPackException e) {
            throw new AssertionError("A header block of the server: " + e.getMessage(), e);
        }
        return headers.withBlock(all, pieces, fields);
    }

    private void followTableSize() {
        long size = books.headerTableSize();
        if (size != tableSize) {
            tableSize = size;
            decoder.setMaxTableSize((int) Math.min(size, LIMIT));
        }
    }

    private @Nullable Http2ReceivedFrame readOne() throws IOException {
        byte[] header = read(9);
        if (header == null) {
            return null;
        }
        int length = intAt(header, 0) >>> 8;
        int type = header[3] & 0xFF;
        int flags = header[4] & 0xFF;
        int id = intAt(header, 5);
        String shown = Http2Frames.nameOf(type) + "(" + id + ") of " + length + " bytes";
        require(id >= 0, "The reserved bit is not set", "4.1", shown);
        require(length <= books.maxFrameSize(), "A frame up to the limit", "4.2", shown);
        byte[] payload = length == 0 ? new byte[0] : read(length);
        if (payload == null) {
            throw new AssertionError("The server has ended the connection in " + shown);
        }
        Http2ReceivedFrame frame = new Http2ReceivedFrame(type, flags, id, payload);
        boolean padded = (flags & Http2Frames.PADDED) != 0;
        boolean priority = (flags & Http2Frames.WITH_PRIORITY) != 0;
        if ((type == Http2Frames.DATA && padded)
                || (type == Http2Frames.HEADERS && (padded || priority))) {
            int from = (padded ? 1 : 0) + (priority ? 5 : 0);
            int to = length - (padded ? payload[0] & 0xFF : 0);
            require(from <= to, "Padding within the frame", "6.1", shown);
            return new Http2ReceivedFrame(type, flags, id, Arrays.copyOfRange(payload, from, to))
                    .ofLength(length);
        }
        return frame;
    }

    private byte @Nullable [] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        int filled = 0;
        while (filled < count) {
            int got = connection.read(bytes, filled, count - filled);
            if (got < 0) {
                require(filled == 0, "Whole frames", "4.1", "the end in the middle of one");
                return null;
            }
            filled += got;
        }
        return bytes;
    }

    static int intAt(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getInt(at);
    }
}
