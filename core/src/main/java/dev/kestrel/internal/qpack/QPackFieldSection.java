package dev.kestrel.internal.qpack;

import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.hpack.HPackResult;
import dev.kestrel.internal.hpack.HPackSink;

/**
 * Decodes the field sections of a stream (RFC 9204 section 4.5), one after another, whole or in the
 * pieces in which their frames come:
 *
 * <pre>{@code
 * section.begin(streamId);
 * int at = section.readPrefix(array, from, to, last);
 * // wait for more when !section.isPrefixComplete(), for inserts while section.isBlocked()
 * HPackResult result = section.decode(array, at, to, last, sink);
 * }</pre>
 *
 * <p>While a section is blocked, nothing but its prefix is taken, so that the rest can stay where
 * it is, inside the stream's flow control (RFC 9204 section 2.2.1).
 *
 * <p>Belongs to a stream, which may keep it for the next request; it may be used under the lock of
 * its {@link QPackDecoder} only.
 */
public final class QPackFieldSection {

    /** Makes the sections of a stream. */
    public QPackFieldSection(QPackDecoder decoder, HPackLimits limits) {}

    /** Gets ready for a section: the first of a stream, or trailers, which have limits anew. */
    public void begin(long streamId) {
        throw new UnsupportedOperationException();
    }

    /** The stream of {@link #begin}. */
    public long streamId() {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads the prefix. When it is complete and asks for entries that are not there yet, the stream
     * is blocked from now on.
     *
     * @param last whether the section ends here
     * @return where the next octet is: {@code to} while the prefix is not complete
     * @throws QPackException when the prefix is wrong, or too many streams are blocked
     */
    public int readPrefix(byte[] array, int from, int to, boolean last) throws QPackException {
        throw new UnsupportedOperationException();
    }

    /** Whether fields are next. */
    public boolean isPrefixComplete() {
        throw new UnsupportedOperationException();
    }

    /** The {@link QPackDecoder#insertCount} from which on the section can be decoded. */
    public long requiredInsertCount() {
        throw new UnsupportedOperationException();
    }

    /** Whether the section waits for entries. It can not be decoded before they are there. */
    public boolean isBlocked() {
        throw new UnsupportedOperationException();
    }

    /**
     * Decodes a piece of the section, behind its prefix. At the end of a section that needed the
     * dynamic table, the decoder has an acknowledgment to write.
     *
     * <p>A fatal result is an error of the stream: decoding has stopped, nothing else of the
     * section is looked at, and the stream is to be {@linkplain QPackDecoder#cancelStream
     * cancelled}. The connection goes on, for sections do not change the table.
     *
     * @param last whether the section ends here
     * @param sink takes the fields, in order
     * @return how the section stands so far
     * @throws QPackException mostly an error of the connection
     */
    public HPackResult decode(byte[] array, int from, int to, boolean last, HPackSink sink)
            throws QPackException {
        throw new UnsupportedOperationException();
    }
}
