package dev.kestrel.internal.http2;

import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The first bytes of a client (RFC 9113 section 3.4), and the answer to those that speak HTTP/1.1
 * instead.
 */
final class Http2Preface {

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final String HTTP1_TEXT =
            "An HTTP/1.x request was sent to an HTTP/2 only endpoint.\n";
    private static final byte[] HTTP1_ANSWER =
            ("HTTP/1.1 400 Bad Request\r\n"
                            + "Connection: close\r\n"
                            + "Content-Type: text/plain\r\n"
                            + "Content-Length: "
                            + HTTP1_TEXT.length()
                            + "\r\n\r\n"
                            + HTTP1_TEXT)
                    .getBytes(StandardCharsets.US_ASCII);

    /** What the first bytes are. */
    enum Result {
        /** The preface, which is consumed. */
        HTTP_2,
        /** A request line of HTTP/1.x. */
        HTTP_1,
        /** Neither. */
        INVALID,
        /** The client ended its side, or the wait was cancelled, before there was enough. */
        ENDED
    }

    private final PipeReader reader;
    private final int maxRequestLineSize;

    /**
     * Makes a reader of the preface.
     *
     * @param maxRequestLineSize how long a line may be that could be one of HTTP/1.x; zero does not
     *     look for any
     */
    Http2Preface(PipeReader reader, int maxRequestLineSize) {
        this.reader = reader;
        this.maxRequestLineSize = maxRequestLineSize;
    }

    /** Waits for enough bytes to tell. */
    Result read() throws IOException {
        while (true) {
            ReadResult result = reader.read();
            ByteSequence buffer = result.buffer();
            Result found = look(buffer);
            boolean over = result.isCompleted() || result.isCanceled();
            if (found != Result.ENDED || over) {
                reader.advanceTo(found == Result.HTTP_2 ? PREFACE.length : 0);
                return found;
            }
            reader.advanceTo(0, buffer.length());
        }
    }

    private Result look(ByteSequence buffer) {
        int same = 0;
        int most = (int) Math.min(buffer.length(), PREFACE.length);
        while (same < most && buffer.get(same) == PREFACE[same]) {
            same++;
        }
        if (same == PREFACE.length) {
            return Result.HTTP_2;
        }
        if (same == most) {
            return Result.ENDED;
        }
        if (maxRequestLineSize == 0) {
            // Under TLS the client has said by ALPN what it speaks.
            return buffer.length() < PREFACE.length ? Result.ENDED : Result.INVALID;
        }
        long end = buffer.indexOf((byte) '\n', 0);
        if (end < 0) {
            return buffer.length() > maxRequestLineSize ? Result.INVALID : Result.ENDED;
        }
        if (end > maxRequestLineSize) {
            return Result.INVALID;
        }
        String line = buffer.slice(0, end).toString(StandardCharsets.ISO_8859_1).strip();
        return line.endsWith(" HTTP/1.1") || line.endsWith(" HTTP/1.0")
                ? Result.HTTP_1
                : Result.INVALID;
    }

    /** Tells a client of HTTP/1.x, in its own language, that it is wrong here. */
    static void refuseHttp1(PipeWriter writer) throws IOException {
        writer.write(HTTP1_ANSWER);
        writer.flush();
    }
}
