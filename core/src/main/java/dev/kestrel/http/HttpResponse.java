package dev.kestrel.http;

import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * What a client is answered. The response <em>starts</em> with the first byte of the body that is
 * flushed, with {@link #start()}, or when the handler returns; until then status and header fields
 * can change, after it they can not and changing them throws {@link IllegalStateException}. So does
 * writing once the response is {@linkplain #complete() complete}, writing more than the length that
 * was set, and writing a body where the status has none.
 *
 * <p>Valid until the handler returns, and for one thread at a time.
 */
public interface HttpResponse {

    /**
     * The status.
     *
     * @return 200 unless it was set
     */
    int status();

    /**
     * Sets the status.
     *
     * @param status from 200 to 999; 1xx go through {@link #sendInformational} and features
     * @return this
     * @throws IllegalArgumentException when it is out of range
     */
    HttpResponse status(int status);

    /**
     * The text behind the status in HTTP/1.1; later versions have none.
     *
     * @return the phrase that was set, or {@code null} for the usual one
     */
    @Nullable String reasonPhrase();

    /**
     * Sets the text behind the status.
     *
     * @param phrase visible ASCII, spaces and tabs; {@code null} for the usual one
     * @return this
     * @throws IllegalArgumentException when it has other characters
     */
    HttpResponse reasonPhrase(@Nullable String phrase);

    /**
     * The header fields.
     *
     * @return the fields in the order in which they are sent
     */
    HttpHeaders headers();

    /**
     * Sets a header field, instead of those of that name that were there.
     *
     * @param name a token
     * @param value visible ASCII, spaces and tabs
     * @return this
     * @throws IllegalArgumentException when name or value have other characters
     */
    default HttpResponse header(String name, String value) {
        headers().set(name, value);
        return this;
    }

    /**
     * Sets the type of the body.
     *
     * @param type a media type
     * @return this
     */
    default HttpResponse contentType(String type) {
        headers().set(KnownHeader.CONTENT_TYPE, type);
        return this;
    }

    /**
     * Sets the length of the body. Writing more throws; writing less ends the connection (resets
     * the stream).
     *
     * @param length bytes, zero or more; -1 takes back what was set
     * @return this
     * @throws IllegalArgumentException when it is less
     */
    default HttpResponse contentLength(long length) {
        headers().contentLength(length);
        return this;
    }

    /**
     * Adds a {@code Set-Cookie} field.
     *
     * @param cookie the cookie
     * @return this
     */
    default HttpResponse cookie(SetCookie cookie) {
        headers().add(KnownHeader.SET_COOKIE, cookie.toString());
        return this;
    }

    /**
     * Whether status and header fields are final.
     *
     * @return true once the response has started
     */
    boolean hasStarted();

    /**
     * Sends status and header fields now.
     *
     * @throws IOException when the client has gone
     * @throws IllegalStateException when the fields are more than an HTTP/2 client says that it
     *     takes (SETTINGS_MAX_HEADER_LIST_SIZE); nothing was sent, and other fields may still be
     */
    void start() throws IOException;

    /**
     * Answers with text in UTF-8, as {@code text/plain} unless a type was set, and completes the
     * response.
     *
     * @param text the whole body
     * @throws IOException when the client has gone
     */
    void send(String text) throws IOException;

    /**
     * Answers with bytes and completes the response.
     *
     * @param body the whole body
     * @throws IOException when the client has gone
     */
    default void send(byte[] body) throws IOException {
        send(body, 0, body.length);
    }

    /**
     * Answers with bytes and completes the response.
     *
     * @param body where the body is
     * @param offset where it begins
     * @param count its length
     * @throws IOException when the client has gone
     * @throws IndexOutOfBoundsException when the array has no such part; nothing was sent
     */
    void send(byte[] body, int offset, int count) throws IOException;

    /**
     * Writes a part of a file to the body, and does not complete the response. Sets {@code
     * Content-Length} when the response has not started and none was set.
     *
     * @param file the file
     * @param offset where in the file to begin, zero or more
     * @param count how many bytes, zero or more
     * @throws IOException when the client has gone, or the file can not be read or is shorter
     * @throws IndexOutOfBoundsException when one is less than zero; nothing was sent
     */
    void sendFile(Path file, long offset, long count) throws IOException;

    /**
     * The body as a pipe. Bytes go out at a flush, and at the end.
     *
     * @return always the same writer
     */
    PipeWriter bodyWriter();

    /**
     * The body as a stream. Bytes go out at a flush, when {@code limits.maxResponseBufferSize}
     * wait, and at the end.
     *
     * @return always the same stream
     */
    OutputStream outputStream();

    /**
     * Sends what was written so far, and waits while the client is slower.
     *
     * @throws IOException when the client has gone
     */
    void flush() throws IOException;

    /**
     * Ends the response: nothing can be written after it. Happens by itself when the handler
     * returns.
     *
     * @throws IOException when the client has gone
     */
    void complete() throws IOException;

    /**
     * Fields to send behind the body. HTTP/2 clients always get them; HTTP/1.1 clients when they
     * said {@code TE: trailers} and the names were announced in a {@code Trailer} field or by
     * {@link #declareTrailer} before the response started, and the body is chunked.
     *
     * @return the trailers, which may be set until the response is complete
     * @throws IllegalStateException when {@link #supportsTrailers()} is false
     */
    HttpHeaders trailers();

    /**
     * Whether this client can be sent trailers.
     *
     * @return true when {@link #trailers()} will be sent
     */
    boolean supportsTrailers();

    /**
     * Announces a trailer; does nothing when {@link #supportsTrailers()} is false.
     *
     * @param name the name of a field that will be set in {@link #trailers()}
     * @return this
     */
    HttpResponse declareTrailer(String name);

    /**
     * Sends an interim response before the response (RFC 9110 section 15.2), at once and in the
     * order of the calls. Clients of HTTP/1.0 get none.
     *
     * @param status from 102 to 199
     * @param fields its header fields, such as {@code Link} for 103 Early Hints (RFC 8297)
     * @throws IOException when the client has gone
     * @throws IllegalArgumentException when the status is out of range
     * @throws IllegalStateException when the response has started
     */
    void sendInformational(int status, HttpHeaders fields) throws IOException;

    /**
     * Runs something just before the response starts, the last registered first. It may still
     * change status and fields.
     *
     * @param callback the action
     * @throws IllegalStateException when the response has started
     */
    void onStarting(Callback callback);

    /**
     * Runs something after the request is over, whatever its end, the last registered first, on the
     * thread of the request. What it throws is logged.
     *
     * @param callback the action
     */
    void onCompleted(Callback callback);

    /**
     * Takes status, reason and header fields back to the start, for a middleware that answers
     * something else.
     *
     * @throws IllegalStateException when the response has started
     */
    void clear();

    /** Something to do at a moment in the life of a response. */
    @FunctionalInterface
    interface Callback {
        /**
         * Does it.
         *
         * @throws Exception when it fails
         */
        void run() throws Exception;
    }
}
