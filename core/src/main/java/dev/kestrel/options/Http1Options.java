package dev.kestrel.options;

/**
 * Where HTTP/1.1 parsing is stricter than the original's, and the way back. All are off by default:
 * each of these leniencies has let requests be smuggled past a proxy that read the same bytes in
 * another way.
 *
 * @param allowBareLineFeed lets a lone LF end a line of the head (the original's default). Never in
 *     chunk lines
 * @param allowContentLengthWithTransferEncoding reads the body by {@code Transfer-Encoding}, moves
 *     {@code Content-Length} to {@code X-Content-Length} and closes after the response (the
 *     original's behaviour), instead of answering 400
 * @param allowTransferEncodingOnHttp10 reads chunked bodies of HTTP/1.0 requests (the original's
 *     behaviour), instead of answering 400
 * @param allowOtherTransferCodings leaves codings before a final {@code chunked} to the application
 *     (the original's behaviour), instead of answering 501
 */
public record Http1Options(
        boolean allowBareLineFeed,
        boolean allowContentLengthWithTransferEncoding,
        boolean allowTransferEncodingOnHttp10,
        boolean allowOtherTransferCodings) {

    /** Everything strict. */
    public static final Http1Options STRICT = new Http1Options(false, false, false, false);

    /** Everything as in the original. */
    public static final Http1Options LIKE_THE_ORIGINAL = new Http1Options(true, true, true, true);

    /**
     * Sets {@link #allowBareLineFeed}.
     *
     * @param allow whether to allow it
     * @return a copy
     */
    public Http1Options withBareLineFeed(boolean allow) {
        return new Http1Options(
                allow,
                allowContentLengthWithTransferEncoding,
                allowTransferEncodingOnHttp10,
                allowOtherTransferCodings);
    }

    /**
     * Sets {@link #allowContentLengthWithTransferEncoding}.
     *
     * @param allow whether to allow it
     * @return a copy
     */
    public Http1Options withContentLengthWithTransferEncoding(boolean allow) {
        return new Http1Options(
                allowBareLineFeed, allow, allowTransferEncodingOnHttp10, allowOtherTransferCodings);
    }

    /**
     * Sets {@link #allowTransferEncodingOnHttp10}.
     *
     * @param allow whether to allow it
     * @return a copy
     */
    public Http1Options withTransferEncodingOnHttp10(boolean allow) {
        return new Http1Options(
                allowBareLineFeed,
                allowContentLengthWithTransferEncoding,
                allow,
                allowOtherTransferCodings);
    }

    /**
     * Sets {@link #allowOtherTransferCodings}.
     *
     * @param allow whether to allow it
     * @return a copy
     */
    public Http1Options withOtherTransferCodings(boolean allow) {
        return new Http1Options(
                allowBareLineFeed,
                allowContentLengthWithTransferEncoding,
                allowTransferEncodingOnHttp10,
                allow);
    }
}
