package dev.kestrel.internal.qpack;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackWriteResult;

/**
 * Writes the field section of a response, or of its trailers. The beginning decides how each field
 * is sent and so knows how long the section is, which the frame says first; then the section is
 * written array by array: as many fields as fit, then the next array.
 *
 * <pre>{@code
 * int length = writer.beginResponse(streamId, 200, headers); // under the encoder's lock
 * HPackWriteResult result = writer.write(array, from, to);   // wherever; writer.end()
 * }</pre>
 *
 * <p>The fields must not change before the section is done. Belongs to a stream, which may keep it
 * for the next; all methods that begin need the lock of the {@link QPackEncoder}, the others do
 * not.
 */
public final class QPackHeaderWriter {

    /**
     * Makes the writer of a stream.
     *
     * @param octets how values beyond ASCII are sent
     */
    public QPackHeaderWriter(QPackEncoder encoder, FieldOctets octets) {}

    /**
     * Begins the section of a response with {@code :status}. It counts as sent from now on.
     *
     * @param status from 100 to 999
     * @param headers all its fields, of which names are written in lower case
     * @return how many octets the section has
     * @throws IllegalArgumentException when a value has no octets that may be sent; then nothing
     *     was begun, and the stream can be answered otherwise
     */
    public int beginResponse(long streamId, int status, HttpHeaders headers) {
        throw new UnsupportedOperationException();
    }

    /**
     * Begins the section of trailers. It counts as sent from now on.
     *
     * @return how many octets the section has
     * @throws IllegalArgumentException as in {@link #beginResponse}
     */
    public int beginTrailers(long streamId, HttpHeaders trailers) {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes as much as fits. Fields are never cut; an array that is too short for one is answered
     * with {@link HPackWriteResult#BUFFER_TOO_SMALL}, and a longer one goes on as if the shorter
     * had not been there.
     *
     * @return whether that was all; {@link #end} tells how far the array was filled
     */
    public HPackWriteResult write(byte[] array, int from, int to) {
        throw new UnsupportedOperationException();
    }

    /** Where the octets of the last {@link #write} end; where they began when there are none. */
    public int end() {
        throw new UnsupportedOperationException();
    }
}
