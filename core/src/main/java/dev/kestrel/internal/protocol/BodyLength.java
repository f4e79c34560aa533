package dev.kestrel.internal.protocol;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;

/** Counts the body of a response against what its {@code Content-Length} promises. */
final class BodyLength {

    private boolean hasBody;
    private long promised;
    private long written;

    /** Gets ready for the next response. */
    void recycle() {
        hasBody = true;
        promised = -1;
        written = 0;
    }

    /** The fields are final. */
    void start(int status, String method, HttpHeaders headers) {
        ResponseFraming.checkLength(status, method, headers);
        hasBody = ResponseFraming.hasBody(status, method);
        promised = headers.contentLength();
    }

    /** Whether bytes of the body go out: false for a response to HEAD, whose body only counts. */
    boolean hasBody() {
        return hasBody;
    }

    /** The length, or -1 when it is not known. */
    long promised() {
        return promised;
    }

    /**
     * Checks bytes before the response has started, when a mistake can still be answered with 500.
     */
    void checkBeforeStart(long count, int status, HttpHeaders headers) {
        checkFits(count, headers.contentLength(), status);
    }

    /**
     * Counts bytes of a response that has started.
     *
     * @return whether they are to be sent
     * @throws IllegalStateException when they are more than was promised, or there can be none
     */
    boolean count(long count, int status, String method) {
        if (!hasBody && !method.equals("HEAD")) {
            throw noBody(status);
        }
        checkFits(count, promised, status);
        written += count;
        return hasBody;
    }

    private void checkFits(long count, long most, int status) {
        if (count == 0) {
            return;
        }
        if (!ResponseFraming.statusAllowsBody(status)) {
            throw noBody(status);
        }
        if (most >= 0 && written + count > most) {
            throw new IllegalStateException(
                    "The body has more bytes ("
                            + (written + count)
                            + ") than Content-Length says ("
                            + most
                            + ")");
        }
    }

    private static IllegalStateException noBody(int status) {
        return new IllegalStateException(
                "A response with status " + status + " has no body to write");
    }

    /** Checks at the end that no promised byte is missing. */
    void checkWhole() {
        if (hasBody && promised >= 0 && written != promised) {
            throw new IllegalStateException(
                    "The body has fewer bytes ("
                            + written
                            + ") than Content-Length says ("
                            + promised
                            + ")");
        }
    }

    /**
     * Sets the length of a body that is whole before any of it was sent, unless it is to be
     * chunked.
     *
     * @param all how many bytes it has
     * @throws IllegalStateException when another length was promised
     */
    static void settle(long all, int status, String method, HttpHeaders headers, boolean trailers) {
        long said = headers.contentLength();
        if (said >= 0) {
            if (said != all && ResponseFraming.hasBody(status, method)) {
                throw new IllegalStateException(
                        "The body has " + all + " bytes, but Content-Length says " + said);
            }
        } else if (ResponseFraming.statusAllowsBody(status)
                && !ResponseFraming.isTunnel(status, method)
                && !headers.contains(KnownHeader.TRANSFER_ENCODING)
                && !trailers
                // A response to HEAD says a length only when the application wrote a body.
                && (all > 0 || !method.equals("HEAD"))) {
            headers.contentLength(all);
        }
    }
}
