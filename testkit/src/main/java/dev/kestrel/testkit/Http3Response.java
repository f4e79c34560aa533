package dev.kestrel.testkit;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A response of a stream of HTTP/3. Methods with an argument compare and fail with an {@link
 * AssertionError}; each returns this.
 */
public final class Http3Response {

    private final long streamId;
    private final List<Http2Response.Field> fields;
    private final List<Http3Response> interims;
    private final byte[] body;
    private final List<Http2Response.Field> trailers;
    private final @Nullable Long resetCode;

    Http3Response(
            long streamId,
            List<Http2Response.Field> fields,
            List<Http3Response> interims,
            byte[] body,
            List<Http2Response.Field> trailers,
            @Nullable Long resetCode) {
        this.streamId = streamId;
        this.fields = List.copyOf(fields);
        this.interims = List.copyOf(interims);
        this.body = body;
        this.trailers = List.copyOf(trailers);
        this.resetCode = resetCode;
    }

    /**
     * Compares the status.
     *
     * @param status what it has to be
     * @return this
     */
    public Http3Response status(int status) {
        return check("the status", status, status());
    }

    /**
     * Compares a header field.
     *
     * @param name its name
     * @param values all values that it has to have, in order; none when it must not be there
     * @return this
     */
    public Http3Response header(String name, String... values) {
        return check(name, List.of(values), values(fields, name));
    }

    /**
     * Compares the body, and checks that the response was complete.
     *
     * @param text what it has to be, in UTF-8
     * @return this
     */
    public Http3Response body(String text) {
        return complete().check("the body", text, bodyText());
    }

    /**
     * Compares a trailer.
     *
     * @param name its name
     * @param values all values that it has to have, in order; none when it must not be there
     * @return this
     */
    public Http3Response trailer(String name, String... values) {
        return check("trailer " + name, List.of(values), values(trailers, name));
    }

    /**
     * Checks that the stream has come to its end (FIN), not to a reset.
     *
     * @return this
     */
    public Http3Response complete() {
        return check("the reset", "none", resetName());
    }

    /**
     * Checks that the server has reset the stream instead of ending the response.
     *
     * @param code one of {@link Http3Error}
     * @return this
     */
    public Http3Response reset(long code) {
        return check("the reset", Http3Error.nameOf(code), resetName());
    }

    private String resetName() {
        return resetCode == null ? "none" : Http3Error.nameOf(resetCode);
    }

    /**
     * Checks that there were as many interim responses.
     *
     * @param statuses theirs, in order
     * @return this
     */
    public Http3Response interims(Integer... statuses) {
        return check(
                "interim responses",
                List.of(statuses),
                interims.stream().map(Http3Response::status).toList());
    }

    /**
     * The interim responses before this one.
     *
     * @return in order
     */
    public List<Http3Response> interims() {
        return interims;
    }

    /**
     * The status.
     *
     * @return three digits
     */
    public int status() {
        return Integer.parseInt(values(fields, ":status").getFirst());
    }

    /**
     * The header fields.
     *
     * @return in the order in which they came, with pseudo-header fields
     */
    public List<Http2Response.Field> fields() {
        return fields;
    }

    /**
     * The values of a header field.
     *
     * @param name its name, in any case
     * @return all in order, none when it is not there
     */
    public List<String> headerValues(String name) {
        return values(fields, name);
    }

    /**
     * The trailers.
     *
     * @return the fields behind the body
     */
    public List<Http2Response.Field> trailers() {
        return trailers;
    }

    /**
     * The body.
     *
     * @return a copy of its bytes
     */
    public byte[] bodyBytes() {
        return body.clone();
    }

    /**
     * The body as text.
     *
     * @return the body in UTF-8
     */
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    private Http3Response check(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(
                    "Expected "
                            + what
                            + " of stream "
                            + streamId
                            + " to be:\n"
                            + expected
                            + "\nbut got:\n"
                            + actual
                            + "\nin:\n"
                            + this);
        }
        return this;
    }

    private static List<String> values(List<Http2Response.Field> all, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return all.stream()
                .filter(field -> field.name().equals(lower))
                .map(Http2Response.Field::value)
                .toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        interims.forEach(text::append);
        fields.forEach(field -> text.append(field).append('\n'));
        String shown = bodyText();
        text.append('\n').append(shown.length() > 400 ? shown.substring(0, 400) + "..." : shown);
        text.append('\n');
        trailers.forEach(field -> text.append(field).append('\n'));
        if (resetCode != null) {
            text.append("RESET_STREAM ").append(Http3Error.nameOf(resetCode)).append('\n');
        }
        return text.toString();
    }
}
