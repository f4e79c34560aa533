package dev.kestrel.internal.hpack;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;

import org.jspecify.annotations.Nullable;

/**
 * Writes the header block of a response, or of its trailers, array by array: as many fields as fit,
 * then the next array. Fields are never cut; an array that is too short for one is answered with
 * {@link HPackWriteResult#BUFFER_TOO_SMALL}, and {@link #writeMore} goes on with a longer one as if
 * the shorter had not been there. So a block has no greatest size, and whoever cuts it into frames
 * need not know its fields.
 *
 * <p>The fields must not change before the block is done. One writer serves one connection, under
 * the same right as its {@link HPackEncoder}.
 */
public final class HPackHeaderWriter {

    private static final HPackName STATUS = HPackName.of(":status");
    private static final HttpHeaders NOTHING = new HttpHeaders();

    private final HPackEncoder encoder;
    private final FieldOctets octets;
    private final LowerCaseNames names = new LowerCaseNames();

    private HttpHeaders fields = NOTHING;
    private @Nullable String status;
    private boolean begun;
    private int nextField;
    private int end;

    /**
     * Makes the writer of a connection.
     *
     * @param octets how values beyond ASCII are sent
     */
    public HPackHeaderWriter(HPackEncoder encoder, FieldOctets octets) {
        this.encoder = encoder;
        this.octets = octets;
    }

    /**
     * Begins the block of a response with {@code :status}.
     *
     * @param statusCode from 100 to 999
     * @param headers all its fields, of which names are written in lower case
     * @return whether that was all; {@link #end} tells how far the array was filled
     * @throws IllegalArgumentException when a value has no octets that may be sent; the connection
     *     has to close, for a part of the block may be on its way
     */
    public HPackWriteResult beginResponse(
            int statusCode, HttpHeaders headers, byte[] array, int from, int to) {
        return begin(StatusTexts.of(statusCode), headers, array, from, to);
    }

    /**
     * Begins the block of trailers.
     *
     * @return whether that was all; {@link #end} tells how far the array was filled
     * @throws IllegalArgumentException as in {@link #beginResponse}
     */
    public HPackWriteResult beginTrailers(HttpHeaders trailers, byte[] array, int from, int to) {
        return begin(null, trailers, array, from, to);
    }

    /**
     * Goes on after {@link HPackWriteResult#MORE} or {@link HPackWriteResult#BUFFER_TOO_SMALL}.
     *
     * @return whether that was all; {@link #end} tells how far the array was filled
     * @throws IllegalArgumentException as in {@link #beginResponse}
     */
    public HPackWriteResult writeMore(byte[] array, int from, int to) {
        end = from;
        int at = from;
        if (!begun) {
            at = encoder.beginBlock(array, from, to);
            if (at == HPackEncoder.NO_ROOM) {
                return HPackWriteResult.BUFFER_TOO_SMALL;
            }
        }
        if (status != null) {
            at = encoder.encode(STATUS, status, array, at, to);
            if (at == HPackEncoder.NO_ROOM) {
                return HPackWriteResult.BUFFER_TOO_SMALL;
            }
            status = null;
            written(at);
        }
        while (nextField < fields.size()) {
            at = writeField(nextField, array, at, to);
            if (at == HPackEncoder.NO_ROOM) {
                return end == from ? HPackWriteResult.BUFFER_TOO_SMALL : HPackWriteResult.MORE;
            }
            nextField++;
            written(at);
        }
        written(at);
        fields = NOTHING;
        return HPackWriteResult.DONE;
    }

    /** Where the octets of the last call end; where they began when it has written nothing. */
    public int end() {
        return end;
    }

    private HPackWriteResult begin(
            @Nullable String statusText, HttpHeaders headers, byte[] array, int from, int to) {
        status = statusText;
        fields = headers;
        nextField = 0;
        begun = false;
        return writeMore(array, from, to);
    }

    /**
     * Now that something behind it is complete, the announcement of a new table size is sent as
     * well. Before, an array that was too short took the announcement with it.
     */
    private void written(int at) {
        if (!begun) {
            begun = true;
            encoder.commitSizeUpdates();
        }
        end = at;
    }

    private int writeField(int index, byte[] array, int at, int to) {
        KnownHeader known = fields.knownAt(index);
        HPackName name = known != null ? HPackName.of(known) : names.get(fields.nameAt(index));
        String value = octets.safeOctets(name, fields.valueAt(index));
        return encoder.encode(name, value, array, at, to);
    }
}
