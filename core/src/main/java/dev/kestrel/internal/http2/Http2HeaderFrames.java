package dev.kestrel.internal.http2;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackEncoder;
import dev.kestrel.internal.hpack.HPackHeaderWriter;
import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.hpack.HPackWriteResult;
import dev.kestrel.options.HeaderEncodingSelector;
import dev.kestrel.options.KestrelServerOptions;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Header blocks as HEADERS and CONTINUATION frames (RFC 9113 section 4.3): encoded in the order in
 * which they are sent, cut into pieces as long as a frame may be, with nothing in between. A block
 * has no greatest size. Belongs to the frame writer's thread.
 */
final class Http2HeaderFrames {

    private static final int INITIAL_BUFFER = 2048;
    private static final int TABLE_SIZE = 4096;
    private static final int TRAILERS = -1;

    private final Http2FrameOutput output;
    private final HPackEncoder encoder;
    private final HPackHeaderWriter writer;

    private byte[] block = new byte[INITIAL_BUFFER];
    private int filled;
    private boolean cut;

    Http2HeaderFrames(Http2FrameOutput output, KestrelServerOptions options) {
        this.output = output;
        encoder =
                new HPackEncoder(
                        Math.min(TABLE_SIZE, options.limits().http2().headerTableSize()),
                        HPackIndexingPolicy.DEFAULT.withNeverIndexed(
                                options.neverIndexedHeaders()));
        writer = new HPackHeaderWriter(encoder, octets(options.responseHeaderEncodingSelector()));
    }

    private static FieldOctets octets(HeaderEncodingSelector selector) {
        if (selector == HeaderEncodingSelector.DEFAULT) {
            return FieldOctets.LATIN_1;
        }
        return (name, value) -> {
            Charset charset = selector.select(name);
            return charset == null
                    ? value
                    : new String(value.getBytes(charset), StandardCharsets.ISO_8859_1);
        };
    }

    /** Follows the peer's SETTINGS_HEADER_TABLE_SIZE: the smallest since the last, and the last. */
    void tableSize(int smallest, int last) {
        encoder.setMaxTableSize(smallest);
        encoder.setMaxTableSize(last);
    }

    /**
     * Writes the head of a response.
     *
     * @throws IllegalArgumentException when a value can not be sent; no block can follow
     */
    void writeHead(int streamId, int status, HttpHeaders fields, boolean endStream, int frameSize)
            throws IOException {
        write(streamId, status, fields, endStream, frameSize);
    }

    /**
     * Writes trailers, with END_STREAM.
     *
     * @throws IllegalArgumentException when a value can not be sent; no block can follow
     */
    void writeTrailers(int streamId, HttpHeaders fields, int frameSize) throws IOException {
        write(streamId, TRAILERS, fields, true, frameSize);
    }

    /**
     * Whether a block was begun and could not be ended. Then no frame at all may follow: a client
     * would take what it has for the whole if it were ended, and anything else for an error.
     */
    boolean isCut() {
        return cut;
    }

    private void write(
            int streamId, int status, HttpHeaders fields, boolean endStream, int frameSize)
            throws IOException {
        filled = 0;
        int type = Http2FrameType.HEADERS;
        int flags = endStream ? Http2Flags.END_STREAM : Http2Flags.NONE;
        HPackWriteResult result =
                status == TRAILERS
                        ? writer.beginTrailers(fields, block, 0, block.length)
                        : writer.beginResponse(status, fields, block, 0, block.length);
        filled = writer.end();
        while (true) {
            boolean done = result == HPackWriteResult.DONE;
            int sent = 0;
            // The last piece carries END_HEADERS, so something is left for it.
            while (filled - sent > frameSize || (!done && filled - sent == frameSize)) {
                output.frame(type, flags, streamId, block, sent, frameSize);
                type = Http2FrameType.CONTINUATION;
                flags = Http2Flags.NONE;
                sent += frameSize;
                cut = true;
            }
            if (done) {
                cut = false;
                output.frame(
                        type, flags | Http2Flags.END_HEADERS, streamId, block, sent, filled - sent);
                return;
            }
            if (sent > 0) {
                System.arraycopy(block, sent, block, 0, filled - sent);
                filled -= sent;
            } else {
                block = Arrays.copyOf(block, block.length * 2);
            }
            result = writer.writeMore(block, filled, block.length);
            filled = writer.end();
        }
    }
}
