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
            if (at + length <= bytes.firstLength() && !buffers.isDirect()) {
                action.accept(
                        ByteBuffer.wrap(
                                bytes.firstArray(), bytes.firstOffset() + (int) at, length));
            } else {
                ByteBuffer whole = buffers.rent();
                try {
                    bytes.copyTo(at, whole, length);
                    action.accept(whole.flip());
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

    /**
     * Waits until there is a whole record, or there will be none.
     *
     * @throws SSLProtocolException when it is too long
     */
    void awaitRecord() throws IOException {
        await();
    }

    /** How long the next record is, or 0 when it is not here yet as a whole. */
    int lengthOfNext() throws IOException {
        ByteSequence bytes = shown;
        return bytes == null ? 0 : wholeLength(bytes);
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
            int length = bytes == null ? 0 : wholeLength(bytes);
            if (length > 0) {
                return length;
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

    /** The length of the record at the front with its header, or 0 when there is only a part. */
    private int wholeLength(ByteSequence bytes) throws SSLProtocolException {
        if (bytes.length() - at < HEADER) {
            return 0;
        }
        int length = HEADER + ((bytes.get(at + 3) & 0xff) << 8 | bytes.get(at + 4) & 0xff);
        if (length > HEADER + LONGEST) {
            throw new SSLProtocolException(
                    "A record of " + length + " bytes is too long (RFC 8446 section 5.1)");
        }
        return bytes.length() - at >= length ? length : 0;
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
