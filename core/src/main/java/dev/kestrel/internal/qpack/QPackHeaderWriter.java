package dev.kestrel.internal.qpack;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.hpack.HPackWriteResult;
import dev.kestrel.internal.hpack.StatusTexts;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

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

    private static final HPackName STATUS = HPackName.of(":status");
    private static final int NO_STATUS = -1;
    private static final int INITIAL_FIELDS = 16;

    /** What is kept between sections, so that an idle stream holds next to nothing. */
    private static final int KEPT_FIELDS = 64;

    private static final int INSERT_COUNT_BITS = 8;

    /** Sign and Delta Base, which are zero. */
    private static final int BASE_LENGTH = 1;

    private final QPackEncoder encoder;
    private final FieldOctets octets;

    // The plan: for each field, how it is sent and what of it.
    private long[] how = new long[INITIAL_FIELDS];
    private @Nullable HPackName[] names = new HPackName[INITIAL_FIELDS];
    private @Nullable String[] values = new String[INITIAL_FIELDS];
    private int[] codedNames = new int[INITIAL_FIELDS];
    private int[] codedValues = new int[INITIAL_FIELDS];
    private int fields;

    private long base;
    private long encodedInsertCount;
    private boolean prefixWritten;
    private int nextField;
    private int end;

    /**
     * Makes the writer of a stream.
     *
     * @param octets how values beyond ASCII are sent
     */
    public QPackHeaderWriter(QPackEncoder encoder, FieldOctets octets) {
        this.encoder = encoder;
        this.octets = octets;
    }

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
        return begin(streamId, status, headers);
    }

    /**
     * Begins the section of trailers. It counts as sent from now on.
     *
     * @return how many octets the section has
     * @throws IllegalArgumentException as in {@link #beginResponse}
     */
    public int beginTrailers(long streamId, HttpHeaders trailers) {
        return begin(streamId, NO_STATUS, trailers);
    }

    /**
     * Writes as much as fits. Fields are never cut; an array that is too short for one is answered
     * with {@link HPackWriteResult#BUFFER_TOO_SMALL}, and a longer one goes on as if the shorter
     * had not been there.
     *
     * @return whether that was all; {@link #end} tells how far the array was filled
     */
    public HPackWriteResult write(byte[] array, int from, int to) {
        end = from;
        if (!prefixWritten) {
            if (to - from < prefixLength()) {
                return HPackWriteResult.BUFFER_TOO_SMALL;
            }
            end = QPackInteger.write(encodedInsertCount, INSERT_COUNT_BITS, 0, array, from);
            array[end++] = 0;
            prefixWritten = true;
        }
        while (nextField < fields) {
            int i = nextField;
            if (to - end < length(i)) {
                return end == from ? HPackWriteResult.BUFFER_TOO_SMALL : HPackWriteResult.MORE;
            }
            HPackName name = names[i];
            String value = values[i];
            assert name != null && value != null;
            end =
                    QPackRepresentation.write(
                            how[i], base, name, value, codedNames[i], codedValues[i], array, end);
            nextField++;
        }
        forget();
        return HPackWriteResult.DONE;
    }

    /** Where the octets of the last {@link #write} end; where they began when there are none. */
    public int end() {
        return end;
    }

    private int begin(long streamId, int status, HttpHeaders headers) {
        forget();
        prefixWritten = false;
        nextField = 0;
        encoder.beginSection();
        try {
            if (status != NO_STATUS) {
                addStatus(status);
            }
            for (int i = 0; i < headers.size(); i++) {
                KnownHeader known = headers.knownAt(i);
                HPackName name =
                        known != null
                                ? HPackName.of(known)
                                : encoder.names().get(headers.nameAt(i));
                add(name, octets.safeOctets(name, headers.valueAt(i)));
            }
        } catch (IllegalArgumentException e) {
            forget();
            throw e;
        }
        base = encoder.endSection(streamId);
        encodedInsertCount = encoder.encodedInsertCount();
        long length = prefixLength();
        for (int i = 0; i < fields; i++) {
            length += length(i);
        }
        return Math.toIntExact(length);
    }

    private void addStatus(int status) {
        int index = QPackStaticTable.findStatus(status);
        if (index == QPackStaticTable.NONE) {
            add(STATUS, StatusTexts.of(status));
        } else {
            names[fields] = STATUS;
            values[fields] = "";
            how[fields++] = QPackRepresentation.indexedStatic(index);
        }
    }

    private void add(HPackName name, String value) {
        if (fields == how.length) {
            resize(fields * 2);
        }
        long representation = encoder.choose(name, value);
        names[fields] = name;
        values[fields] = value;
        if (QPackRepresentation.hasValue(representation)) {
            codedValues[fields] = QPackLiterals.codedLength(value);
            if (QPackRepresentation.hasName(representation)) {
                codedNames[fields] = QPackLiterals.codedLength(name.text());
            }
        }
        how[fields++] = representation;
    }

    private int prefixLength() {
        return QPackInteger.length(encodedInsertCount, INSERT_COUNT_BITS) + BASE_LENGTH;
    }

    private long length(int field) {
        return QPackRepresentation.length(how[field], base, codedNames[field], codedValues[field]);
    }

    /** Lets go of the fields, which an idle stream would keep otherwise. */
    private void forget() {
        Arrays.fill(names, 0, fields, null);
        Arrays.fill(values, 0, fields, null);
        fields = 0;
        if (how.length > KEPT_FIELDS) {
            resize(INITIAL_FIELDS);
        }
    }

    private void resize(int length) {
        how = Arrays.copyOf(how, length);
        names = Arrays.copyOf(names, length);
        values = Arrays.copyOf(values, length);
        codedNames = Arrays.copyOf(codedNames, length);
        codedValues = Arrays.copyOf(codedValues, length);
    }
}
