package dev.kestrel.internal.protocol;

import dev.kestrel.options.KestrelServerOptions;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Checks the values of fields (RFC 9113 section 8.2.1, RFC 9110 section 5.5). Those that a client
 * repeats come as the same objects out of the table of the compression, at the same place in each
 * block, and are not looked at again.
 */
final class FieldValues {

    private static final int REMEMBERED = 32;
    private static final int LONGEST_REMEMBERED = 128;

    private final FieldValueDecoder decoder;
    private final @Nullable String[] known = new String[REMEMBERED];

    FieldValues(KestrelServerOptions options) {
        decoder = new FieldValueDecoder(options);
    }

    /**
     * Checks a value.
     *
     * @param position which field of its block it is
     * @param name the field
     * @param value one character an octet
     * @return the text for the application, or {@code null} when the value is not allowed
     */
    // What matters is that it is the same object: the same text is found by looking at it.
    @SuppressWarnings("ReferenceEquality")
    @Nullable String check(int position, String name, String value) {
        if (position < REMEMBERED && known[position] == value) {
            return value;
        }
        int length = value.length();
        if (length == 0) {
            return value;
        }
        if (FieldLists.isSpace(value.charAt(0)) || FieldLists.isSpace(value.charAt(length - 1))) {
            return null;
        }
        boolean ascii = true;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return null;
            }
            ascii &= c < 0x80;
        }
        if (!ascii) {
            return decoder.decode(name, value.getBytes(StandardCharsets.ISO_8859_1), 0, length);
        }
        if (position < REMEMBERED && length <= LONGEST_REMEMBERED) {
            known[position] = value;
        }
        return value;
    }
}
