package dev.kestrel.internal.http1;

import dev.kestrel.internal.protocol.BodySource;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** A body whose length the client said (RFC 9112 section 6.2). */
final class Http1ContentLengthBody implements BodySource, BodySource.InPlace {

    private final Http1Input input;
    private long left;

    /** How many bytes are left that were examined. */
    private long examined;

    Http1ContentLengthBody(Http1Input input) {
        this.input = input;
    }

    /** Gets ready for a body. */
    Http1ContentLengthBody begin(long length) {
        left = length;
        examined = 0;
        return this;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        if (left == 0) {
            return -1;
        }
        ReadResult result = input.readBody();
        int n = (int) Math.min(Math.min(count, left), result.buffer().length());
        result.buffer().copyTo(0, target, offset, n);
        // What was examined in place has counted for the rate.
        input.advanceBody(n, n, Math.max(0, n - examined));
        left -= n;
        examined = Math.max(0, examined - n);
        return n;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(left, input.buffered());
    }

    @Override
    public InPlace inPlace() {
        return this;
    }

    @Override
    public long left() {
        return left;
    }

    @Override
    public @Nullable ReadResult show(boolean wait) throws IOException {
        ReadResult result = wait ? input.readBody() : input.tryReadBody();
        if (result != null && result.isCompleted() && isAllKnown(result.buffer().length())) {
            input.advanceTo(0);
            throw input.bodyEnded();
        }
        return result;
    }

    /** The client has ended its side, and what it has sent is not the whole body. */
    private boolean isAllKnown(long count) {
        return count < left && count <= examined;
    }

    @Override
    public void advanceTo(long consumed, long examinedNow) {
        input.advanceBody(consumed, examinedNow, Math.max(0, examinedNow - examined));
        left -= consumed;
        examined = Math.max(examined, examinedNow) - consumed;
    }
}
