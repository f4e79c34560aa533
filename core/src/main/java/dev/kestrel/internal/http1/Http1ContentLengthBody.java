package dev.kestrel.internal.http1;

import dev.kestrel.internal.protocol.BodySource;
import dev.kestrel.pipelines.ReadResult;

import java.io.IOException;

/** A body whose length the client said (RFC 9112 section 6.2). */
final class Http1ContentLengthBody implements BodySource {

    private final Http1Input input;
    private long left;

    Http1ContentLengthBody(Http1Input input) {
        this.input = input;
    }

    /** Gets ready for a body. */
    Http1ContentLengthBody begin(long length) {
        left = length;
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
        input.advanceTo(n);
        left -= n;
        return n;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(left, input.buffered());
    }
}
