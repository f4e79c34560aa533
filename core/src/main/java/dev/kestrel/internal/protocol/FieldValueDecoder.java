package dev.kestrel.internal.protocol;

import dev.kestrel.options.HeaderEncodingSelector;
import dev.kestrel.options.KestrelServerOptions;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Decodes the values of request fields that are not ASCII alone, by the charset that the options
 * choose: strict UTF-8 unless they say otherwise. Safe for several threads.
 */
public final class FieldValueDecoder {

    private final HeaderEncodingSelector encodings;

    /** Takes the choice of charsets from the options. */
    public FieldValueDecoder(KestrelServerOptions options) {
        encodings = options.requestHeaderEncodingSelector();
    }

    /**
     * Decodes a value.
     *
     * @param name the field
     * @return the text, or {@code null} when the octets are none in that charset, or stand for what
     *     would end a line once this is forwarded (RFC 9110 section 5.5)
     */
    public @Nullable String decode(String name, byte[] array, int from, int to) {
        Charset charset = encodings.select(name);
        String text;
        try {
            text =
                    (charset == null ? StandardCharsets.UTF_8 : charset)
                            .newDecoder()
                            .decode(ByteBuffer.wrap(array, from, to - from))
                            .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        boolean harmless =
                text.indexOf('\r') < 0 && text.indexOf('\n') < 0 && text.indexOf('\0') < 0;
        return harmless ? text : null;
    }
}
