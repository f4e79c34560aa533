package dev.kestrel.http;

import dev.kestrel.pipelines.PipeReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * What a client asked. Valid until the handler returns, and for one thread at a time; what is to
 * live longer is copied.
 */
public interface HttpRequest {

    /**
     * The method, as sent: methods are case-sensitive (RFC 9110 section 9.1).
     *
     * @return a token such as {@code GET}
     */
    String method();

    /**
     * The version of HTTP.
     *
     * @return {@code HTTP/1.0}, {@code HTTP/1.1}, {@code HTTP/2} or {@code HTTP/3}
     */
    String protocol();

    /**
     * The scheme under which the request came in.
     *
     * @return {@code http} or {@code https}
     */
    String scheme();

    /**
     * The request target as it was sent.
     *
     * @return the target, before any decoding
     */
    String rawTarget();

    /**
     * The path, percent-decoded except {@code %2F}, without dot segments. Escapes that are not
     * valid UTF-8 stay as they were.
     *
     * @return a path that begins with {@code /}; empty for {@code OPTIONS *} and {@code CONNECT}
     */
    String path();

    /**
     * The query as it was sent.
     *
     * @return the query with its leading {@code ?}, or an empty text
     */
    String queryString();

    /**
     * The query, parsed on first use.
     *
     * @return the parameters, decoded
     */
    QueryParameters query();

    /**
     * The header fields. Changes are seen by those who come later in the pipeline.
     *
     * @return the fields in the order in which they came
     */
    HttpHeaders headers();

    /**
     * A header field's first value.
     *
     * @param name its name, in any case
     * @return the value, or {@code null} when there is no such field
     */
    default @Nullable String header(String name) {
        return headers().get(name);
    }

    /**
     * The host and port that the client named: {@code Host} or {@code :authority}.
     *
     * @return a text such as {@code example.org:8080}; empty when the client left it empty or named
     *     none
     */
    String host();

    /**
     * The length of the body, when the client said it.
     *
     * @return bytes, or -1 when it is not known before the end
     */
    default long contentLength() {
        return headers().contentLength();
    }

    /**
     * The type of the body.
     *
     * @return the {@code Content-Type} field, or {@code null}
     */
    default @Nullable String contentType() {
        return headers().get(KnownHeader.CONTENT_TYPE);
    }

    /**
     * The cookies, parsed on first use.
     *
     * @return the cookies that the client sent
     */
    Cookies cookies();

    /**
     * Whether there may be a body.
     *
     * @return false when it is known that there is none
     */
    boolean canHaveBody();

    /**
     * The body as a pipe. Reading can throw {@link BadHttpRequestException}: too large, too slow,
     * malformed, ended early.
     *
     * @return always the same reader
     */
    PipeReader bodyReader();

    /**
     * The body as a stream.
     *
     * @return always the same stream
     */
    InputStream inputStream();

    /**
     * Reads the body to its end.
     *
     * @return all of it that was not read before, in an array of its own; the request's limit for
     *     bodies ({@code limits.maxRequestBodySize}) bounds it
     * @throws IOException as for {@link #bodyReader()}
     */
    byte[] bodyBytes() throws IOException;

    /**
     * Reads the body to its end, as text in the charset that {@code Content-Type} names; UTF-8 when
     * it names none.
     *
     * @return all of it that was not read before
     * @throws BadHttpRequestException with 415 when the charset is not known
     * @throws IOException as for {@link #bodyReader()}
     */
    String bodyText() throws IOException;

    /**
     * Fields that came after the body.
     *
     * @return the trailers
     * @throws IllegalStateException before the body was read to its end
     */
    HttpHeaders trailers();

    /**
     * Whether {@link #trailers()} may be called.
     *
     * @return true after the end of the body was read
     */
    boolean trailersAvailable();

    /**
     * The parts of the path that the route gave names to.
     *
     * @return names and decoded values, empty when no route matched
     */
    Map<String, String> pathParameters();

    /**
     * A part of the path that the route gave a name to.
     *
     * @param name the name in the route's pattern
     * @return its decoded value
     * @throws IllegalArgumentException when the route has no such parameter
     */
    default String pathParameter(String name) {
        String value = pathParameters().get(name);
        if (value == null) {
            throw new IllegalArgumentException("The route has no parameter '" + name + "'");
        }
        return value;
    }

    /**
     * Sets the path parameters; called by routers.
     *
     * @param parameters names and decoded values
     */
    void pathParameters(Map<String, String> parameters);
}
