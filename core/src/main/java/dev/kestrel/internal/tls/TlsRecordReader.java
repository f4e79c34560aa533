package dev.kestrel.internal.tls;

import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLProtocolException;

/**
 * Takes whole records off the transport (RFC 8446 section 5.1). One thread at a time.
 *
 * <p>What was read and not yet taken stays shown by the pipe; nothing is held while it waits but
 * the part of a record that has come.
 */
final class TlsRecordReader {

    private static final int HEADER = 5;

    /** RFC 5246 section 6.2.3 allows the most. */
    private static final int LONGEST = 16 * 1024 + 2048;

    private final PipeReader input;
    private final TlsBufferPool buffers;
    private @Nullable ByteSequence shown;
    private long at;
    private boolean ended;
    private boolean canceled;

    TlsRecordReader(PipeReader input, TlsBufferPool buffers) {
        this.input = input;
        this.buffers = buffers;
    }

    /** Is given the bytes of a record; they are valid until it returns. */
    @FunctionalInterface
    interface RecordAction {
        void accept(ByteBuffer record) throws IOException;
    }

    /**
     * Waits for a record and has it worked on.
     *
     * @return false when the transport has ended, or reading was cancelled
     */
    boolean next(RecordAction action) throws IOException {
        int length = await();
        if (length < 0) {
            return false;
        }
        ByteSequence bytes = shown;
        if (bytes == null) {
            throw new IllegalStateException("There is no record");
        }
        try {
            if (at + length <= bytes.firstLength()) {
                action.accept(
                        ByteBuffer.wrap(
                                bytes.firstArray(), bytes.firstOffset() + (int) at, length));
            } else {
                byte[] whole = buffers.rent();
                try {
                    bytes.copyTo(at, whole, 0, length);
                    action.accept(ByteBuffer.wrap(whole, 0, length));
                } finally {
                    buffers.giveBack(whole);
                }
            }
        } finally {
            at += length;
            if (at == bytes.length()) {
                release();
            }
        }
        return true;
    }

    /** Whether a record, or a part of one, has come. */
    boolean hasMore() {
        ByteSequence bytes = shown;
        return bytes != null && at < bytes.length();
    }

    /** Whether the end came inside a record. */
    boolean wasCut() {
        return ended && hasMore();
    }

    boolean wasCanceled() {
        return canceled;
    }

    /** Waits for a whole record: its length, or -1 when none will come. */
    private int await() throws IOException {
        while (true) {
            ByteSequence bytes = shown;
            if (bytes != null && bytes.length() - at >= HEADER) {
                int length = HEADER + ((bytes.get(at + 3) & 0xff) << 8 | bytes.get(at + 4) & 0xff);
                if (length > HEADER + LONGEST) {
                    throw new SSLProtocolException(
                            "A record of " + length + " bytes is too long (RFC 8446 section 5.1)");
                }
                if (bytes.length() - at >= length) {
                    return length;
                }
            }
            if (ended || canceled) {
                return -1;
            }
            if (bytes != null) {
                shown = null;
                input.advanceTo(at, bytes.length());
                at = 0;
            }
            ReadResult result = input.read();
            shown = result.buffer();
            ended = result.isCompleted();
            canceled = result.isCanceled();
        }
    }

    /** Gives back what the pipe shows. */
    void release() {
        ByteSequence bytes = shown;
        if (bytes != null) {
            shown = null;
            input.advanceTo(at);
            at = 0;
        }
    }
}
