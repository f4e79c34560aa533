package dev.kestrel.internal.protocol;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a request, or its trailers, as an engine fills them: what it adds was checked by
 * its parser.
 */
public final class RequestHeaders extends HttpHeaders {

    /** Adds a field. */
    public void append(@Nullable KnownHeader known, String name, String value) {
        appendChecked(known, name, value);
    }

    /** Adds {@code Content-Length}. */
    public void appendLength(long length, String text) {
        appendContentLength(length, text);
    }

    /** Gets ready for the next request. */
    public void recycle() {
        reset();
    }
}
