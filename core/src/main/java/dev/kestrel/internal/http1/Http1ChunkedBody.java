package dev.kestrel.internal.http1;

import dev.kestrel.internal.protocol.BodySource;
import dev.kestrel.internal.protocol.HttpProtocol;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.ReadResult;

import java.io.IOException;

/**
 * A chunked body and the trailers behind it (RFC 9112 section 7.1). The limit of the body counts
 * the framing too, but not the trailers.
 */
final class Http1ChunkedBody implements BodySource {

    private final Http1Input input;
    private final Http1HeadReader trailers;
    private final HttpProtocol request;
    private final ChunkFraming framing;
    private long received;
    private boolean atTrailers;
    private boolean ended;

    Http1ChunkedBody(
            Http1Input input,
            Http1HeadReader trailers,
            HttpProtocol request,
            int maxExtensionSize) {
        this.input = input;
        this.trailers = trailers;
        this.request = request;
        this.framing = new ChunkFraming(maxExtensionSize);
    }

    /** Gets ready for a body. */
    Http1ChunkedBody begin() {
        framing.begin();
        received = 0;
        atTrailers = false;
        ended = false;
        return this;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        while (!ended) {
            if (atTrailers) {
                readTrailers();
                break;
            }
            ReadResult result = input.readBody();
            ByteSequence buffer = result.buffer();
            int available = buffer.firstLength();
            if (framing.dataLeft() > 0) {
                int n = (int) Math.min(Math.min(count, framing.dataLeft()), available);
                buffer.copyTo(0, target, offset, n);
                framing.takeData(n);
                consume(n);
                return n;
            }
            int used = parseFraming(buffer, available);
            consume(used);
        }
        return -1;
    }

    private int parseFraming(ByteSequence buffer, int available) throws RejectedRequestException {
        int used = 0;
        try {
            byte[] array = buffer.firstArray();
            int from = buffer.firstOffset();
            while (used < available && framing.dataLeft() == 0 && !framing.isLastChunk()) {
                framing.accept(array[from + used]);
                used++;
            }
        } catch (RejectedRequestException e) {
            input.advanceTo(used);
            throw e;
        }
        if (framing.isLastChunk()) {
            atTrailers = true;
            input.endBody();
            trailers.beginTrailers();
        }
        return used;
    }

    private void consume(int count) throws RejectedRequestException {
        input.advanceTo(count);
        received += count;
        checkLimit(received);
    }

    private void checkLimit(long bytes) throws RejectedRequestException {
        long limit = request.maxRequestBodySize();
        if (limit >= 0 && bytes > limit) {
            throw RequestRejectionReason.REQUEST_BODY_TOO_LARGE.exception();
        }
    }

    private void readTrailers() throws IOException {
        input.beginTrailers();
        boolean first = true;
        while (!ended) {
            ReadResult result = input.readBody();
            ByteSequence buffer = result.buffer();
            boolean over = result.isCompleted();
            boolean none = first && buffer.get(0) == '\r';
            first = false;
            try {
                ended = trailers.parse(buffer);
            } catch (RejectedRequestException e) {
                input.advanceTo(0);
                throw e;
            }
            input.advanceTo(trailers.consumed(), ended ? trailers.consumed() : buffer.length());
            if (none && ended) {
                // The empty line right behind the last chunk is part of the body.
                checkLimit(received + 2);
            }
            if (over && !ended) {
                // What is there stays incomplete, and would be shown again and again.
                throw input.bodyEnded();
            }
        }
        input.endTrailers();
    }

    @Override
    public int available() throws IOException {
        return ended ? 0 : (int) Math.min(Math.max(1, framing.dataLeft()), input.buffered());
    }
}
