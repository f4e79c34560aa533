package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Header fields, in order, with names that compare without case and may occur several times (RFC
 * 9110 section 5).
 *
 * <p>What an application puts in is checked at once: names are tokens, values are visible ASCII,
 * spaces and tabs, so no field can end a line or smuggle in another. Known names cost a bit test
 * when they are absent.
 */
public class HttpHeaders extends FieldTable {

    private boolean readOnly;

    /** Makes an empty collection. */
    public HttpHeaders() {}

    /**
     * How many fields there are; a name that occurs twice counts twice.
     *
     * @return a count
     */
    public final int size() {
        return size;
    }

    /**
     * The name of a field.
     *
     * @param index from zero to {@code size() - 1}
     * @return the name as it is sent or came
     */
    public final String nameAt(int index) {
        Objects.checkIndex(index, size);
        return names[index];
    }

    /**
     * The value of a field.
     *
     * @param index from zero to {@code size() - 1}
     * @return the value
     */
    public final String valueAt(int index) {
        Objects.checkIndex(index, size);
        String value = values[index];
        if (value == null) {
            value = Long.toString(contentLength);
            values[index] = value;
        }
        return value;
    }

    /**
     * Which known header a field is.
     *
     * @param index from zero to {@code size() - 1}
     * @return the header, or {@code null} for another name
     */
    public final @Nullable KnownHeader knownAt(int index) {
        Objects.checkIndex(index, size);
        return ids[index] == UNKNOWN ? null : KnownHeader.at(ids[index]);
    }

    /**
     * The first value of a field.
     *
     * @param name its name
     * @return the value, or {@code null} when there is none
     */
    public final @Nullable String get(String name) {
        KnownHeader known = KnownHeader.find(name);
        int index = known == null ? indexOf(name, 0) : indexOf(known, 0);
        return index < 0 ? null : valueAt(index);
    }

    /**
     * The first value of a known field.
     *
     * @param header the field
     * @return the value, or {@code null} when there is none
     */
    public final @Nullable String get(KnownHeader header) {
        int index = indexOf(header, 0);
        return index < 0 ? null : valueAt(index);
    }

    /**
     * All values of a field, in order.
     *
     * @param name its name
     * @return the values, none when there is no such field
     */
    public final List<String> getAll(String name) {
        List<String> all = new ArrayList<>(2);
        KnownHeader known = KnownHeader.find(name);
        int index = known == null ? indexOf(name, 0) : indexOf(known, 0);
        while (index >= 0) {
            all.add(valueAt(index));
            index = known == null ? indexOf(name, index + 1) : indexOf(known, index + 1);
        }
        return all;
    }

    /**
     * Whether a field is there.
     *
     * @param name its name
     * @return true when it occurs at least once
     */
    public final boolean contains(String name) {
        KnownHeader known = KnownHeader.find(name);
        return known == null ? indexOf(name, 0) >= 0 : contains(known);
    }

    /**
     * Whether a known field is there.
     *
     * @param header the field
     * @return true when it occurs at least once
     */
    public final boolean contains(KnownHeader header) {
        return (present & header.bit()) != 0;
    }

    /**
     * The names that occur, each once.
     *
     * @return names as they are sent or came, in order
     */
    public final Set<String> names() {
        Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Set<String> ordered = new LinkedHashSet<>();
        for (int i = 0; i < size; i++) {
            if (seen.add(names[i])) {
                ordered.add(names[i]);
            }
        }
        return ordered;
    }

    /**
     * Runs over all fields in order.
     *
     * @param action takes name and value
     */
    public final void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < size; i++) {
            action.accept(names[i], valueAt(i));
        }
    }

    /**
     * The length of the body.
     *
     * @return the value of {@code Content-Length}, or -1 when it is not there
     */
    public final long contentLength() {
        return contains(KnownHeader.CONTENT_LENGTH) ? contentLength : -1;
    }

    /**
     * Sets the length of the body.
     *
     * @param length bytes, zero or more; -1 removes the field
     * @return this
     */
    public final HttpHeaders contentLength(long length) {
        if (length < -1) {
            throw new IllegalArgumentException("Content-Length can not be " + length);
        }
        checkWritable();
        int index = indexOf(KnownHeader.CONTENT_LENGTH, 0);
        if (length == -1) {
            removeKnown(KnownHeader.CONTENT_LENGTH);
        } else if (index >= 0) {
            values[index] = null;
            contentLength = length;
        } else {
            contentLength = length;
            append(
                    KnownHeader.CONTENT_LENGTH.ordinal(),
                    KnownHeader.CONTENT_LENGTH.wireName(),
                    null);
        }
        return this;
    }

    /**
     * Sets a field to one value.
     *
     * @param name a token
     * @param value visible ASCII, spaces and tabs
     * @return this
     * @throws IllegalArgumentException when name or value have other characters
     */
    public final HttpHeaders set(String name, String value) {
        KnownHeader known = KnownHeader.find(name);
        if (known != null) {
            return set(known, value);
        }
        checkWritable();
        FieldSyntax.requireName(name);
        checkValue(name, value);
        int index = indexOf(name, 0);
        if (index >= 0) {
            values[index] = value;
            removeFrom(name, index + 1);
        } else {
            append(UNKNOWN, name, value);
        }
        return this;
    }

    /**
     * Sets a known field to one value.
     *
     * @param header the field
     * @param value visible ASCII, spaces and tabs
     * @return this
     * @throws IllegalArgumentException when the value has other characters
     */
    public final HttpHeaders set(KnownHeader header, String value) {
        if (header == KnownHeader.CONTENT_LENGTH) {
            return contentLength(FieldSyntax.requireContentLength(value));
        }
        checkWritable();
        checkValue(header.wireName(), value);
        int index = indexOf(header, 0);
        if (index >= 0) {
            values[index] = value;
            removeFrom(header, index + 1);
        } else {
            append(header.ordinal(), header.wireName(), value);
        }
        return this;
    }

    /**
     * Adds a field beside those of its name that are there.
     *
     * @param name a token
     * @param value visible ASCII, spaces and tabs
     * @return this
     * @throws IllegalArgumentException when name or value have other characters
     */
    public final HttpHeaders add(String name, String value) {
        KnownHeader known = KnownHeader.find(name);
        if (known != null) {
            return add(known, value);
        }
        checkWritable();
        FieldSyntax.requireName(name);
        checkValue(name, value);
        append(UNKNOWN, name, value);
        return this;
    }

    /**
     * Adds a known field beside those that are there.
     *
     * @param header the field
     * @param value visible ASCII, spaces and tabs
     * @return this
     * @throws IllegalArgumentException when the value has other characters, or the field is {@code
     *     Content-Length} and is there already
     */
    public final HttpHeaders add(KnownHeader header, String value) {
        if (header == KnownHeader.CONTENT_LENGTH) {
            if (contains(header)) {
                throw new IllegalArgumentException("Content-Length can not be given twice");
            }
            return contentLength(FieldSyntax.requireContentLength(value));
        }
        checkWritable();
        checkValue(header.wireName(), value);
        append(header.ordinal(), header.wireName(), value);
        return this;
    }

    /**
     * Removes a field, however often it occurs.
     *
     * @param name its name
     * @return this
     */
    public final HttpHeaders remove(String name) {
        checkWritable();
        KnownHeader known = KnownHeader.find(name);
        if (known != null) {
            removeKnown(known);
        } else {
            removeFrom(name, 0);
        }
        return this;
    }

    /**
     * Removes a known field, however often it occurs.
     *
     * @param header the field
     * @return this
     */
    public final HttpHeaders remove(KnownHeader header) {
        checkWritable();
        removeKnown(header);
        return this;
    }

    /** Removes all fields. */
    public final void clear() {
        checkWritable();
        reset();
    }

    /**
     * Whether the fields can no longer change.
     *
     * @return true once they were sent
     */
    public final boolean isReadOnly() {
        return readOnly;
    }

    /** Makes every change throw {@link IllegalStateException} until {@link #reset}. */
    protected final void freeze() {
        readOnly = true;
    }

    /** Empties the collection and lifts {@link #freeze}. */
    protected final void reset() {
        readOnly = false;
        removeAll();
    }

    /**
     * Adds a field that was checked before.
     *
     * @param known which known header it is, or {@code null}
     * @param name its name
     * @param value its value; {@code Content-Length} goes through {@link #appendContentLength}
     */
    protected final void appendChecked(@Nullable KnownHeader known, String name, String value) {
        append(known == null ? UNKNOWN : known.ordinal(), name, value);
    }

    /**
     * Adds {@code Content-Length}, with the text that was received.
     *
     * @param length its value
     * @param text how it was written
     */
    protected final void appendContentLength(long length, String text) {
        contentLength = length;
        append(KnownHeader.CONTENT_LENGTH.ordinal(), KnownHeader.CONTENT_LENGTH.wireName(), text);
    }

    /**
     * Checks a value that an application sets. A subclass may allow more, but never CR, LF or NUL.
     *
     * @param name the field
     * @param value the value
     * @throws IllegalArgumentException when it has a character that may not be sent
     */
    protected void checkValue(String name, String value) {
        FieldSyntax.requireValue(name, value);
    }

    private void checkWritable() {
        if (readOnly) {
            throw new IllegalStateException(
                    "The header fields can not be changed: the response has already started");
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }
}
