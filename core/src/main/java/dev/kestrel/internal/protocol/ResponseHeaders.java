package dev.kestrel.internal.protocol;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.options.HeaderEncodingSelector;

import java.nio.charset.Charset;

/**
 * The fields of a response, or its trailers: checked when they are set, frozen when they are sent.
 */
public final class ResponseHeaders extends HttpHeaders {

    private final HeaderEncodingSelector encodings;

    /**
     * Makes an empty collection.
     *
     * @param encodings which fields may have more than ASCII
     */
    public ResponseHeaders(HeaderEncodingSelector encodings) {
        this.encodings = encodings;
    }

    /** Makes every later change throw. */
    public void sent() {
        freeze();
    }

    /** Gets ready for the next response. */
    public void recycle() {
        reset();
    }

    /** Adds the type of a text for which the application named none. */
    void appendDefaultContentType() {
        appendChecked(
                KnownHeader.CONTENT_TYPE,
                KnownHeader.CONTENT_TYPE.wireName(),
                "text/plain; charset=utf-8");
    }

    @Override
    protected void checkValue(String name, String value) {
        int bad = FieldSyntax.indexOfInvalidValueCharacter(value);
        if (bad < 0) {
            return;
        }
        Charset charset =
                encodings == HeaderEncodingSelector.DEFAULT ? null : encodings.select(name);
        if (charset == null
                || hasControlCharacter(value)
                || !charset.newEncoder().canEncode(value)) {
            super.checkValue(name, value);
        }
    }

    private static boolean hasControlCharacter(String value) {
        return value.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f);
    }
}
