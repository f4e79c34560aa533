package dev.kestrel.testkit;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A response of a stream, or as much of it as a test has read. Methods with an argument compare and
 * fail with an {@link AssertionError}; each returns this.
 */
public final class Http2Response {

    private final int streamId;
    private final Http2ReceivedFrame head;
    private final List<Http2Response> interims;
    private final byte[] body;
    private final List<Field> trailers;
    private final @Nullable Integer resetCode;

    /** A head alone. */
    Http2Response(Http2ReceivedFrame head) {
        this(head, List.of(), new byte[0], List.of(), null);
    }

    Http2Response(
            Http2ReceivedFrame head,
            List<Http2Response> interims,
            byte[] body,
            List<Field> trailers,
            @Nullable Integer resetCode) {
        this.streamId = head.streamId();
        this.head = head;
        this.interims = List.copyOf(interims);
        this.body = body;
        this.trailers = List.copyOf(trailers);
        this.resetCode = resetCode;
    }

    /**
     * A header field or trailer.
     *
     * @param name in lower case, with its colon when it is a pseudo-header field
     * @param value one character an octet
     */
    public record Field(String name, String value) {
        @Override
        public String toString() {
            return name + ": " + (value.length() > 80 ? value.substring(0, 80) + "..." : value);
        }
    }

    /**
     * Compares the status.
     *
     * @param status what it has to be
     * @return this
     */
    public Http2Response status(int status) {
        return check("the status", status, status());
    }

    /**
     * Compares a header field.
     *
     * @param name its name
     * @param values all values that it has to have, in order; none when it must not be there
     * @return this
     */
    public Http2Response header(String name, String... values) {
        return check(name, List.of(values), headerValues(name));
    }

    /**
     * Compares the body, and checks that the response was complete.
     *
     * @param text what it has to be, in UTF-8
     * @return this
     */
    public Http2Response body(String text) {
        return complete().check("the body", text, bodyText());
    }

    /**
     * Compares the body, and checks that the response was complete.
     *
     * @param bytes what it has to be
     * @return this
     */
    public Http2Response body(byte[] bytes) {
        complete();
        if (!Arrays.equals(bytes, body)) {
            throw new AssertionError(
                    "Expected a body of "
                            + bytes.length
                            + " bytes but got another of "
                            + body.length
                            + " in:\n"
                            + this);
        }
        return this;
    }

    /**
     * Compares a trailer.
     *
     * @param name its name
     * @param values all values that it has to have, in order; none when it must not be there
     * @return this
     */
    public Http2Response trailer(String name, String... values) {
        return check("trailer " + name, List.of(values), values(trailers, name));
    }

    /**
     * Checks that the stream was ended by END_STREAM, not by a reset.
     *
     * @return this
     */
    public Http2Response complete() {
        if (resetCode != null) {
            throw new AssertionError("Expected a complete response but got:\n" + this);
        }
        return this;
    }

    /**
     * Checks that the server has reset the stream instead of ending the response.
     *
     * @param code one of {@link Http2Error}
     * @return this
     */
    public Http2Response reset(int code) {
        return check(
                "the reset",
                Http2Error.nameOf(code),
                resetCode == null ? "none" : Http2Error.nameOf(resetCode));
    }

    /**
     * Checks that there were as many interim responses.
     *
     * @param statuses theirs, in order
     * @return this
     */
    public Http2Response interims(Integer... statuses) {
        return check(
                "interim responses",
                List.of(statuses),
                interims.stream().map(Http2Response::status).toList());
    }

    /**
     * The interim responses before this one.
     *
     * @return in order
     */
    public List<Http2Response> interims() {
        return interims;
    }

    /**
     * The status.
     *
     * @return three digits
     */
    public int status() {
        return Integer.parseInt(headerValues(":status").getFirst());
    }

    /**
     * The header fields.
     *
     * @return in the order in which they came, with pseudo-header fields
     */
    public List<Field> fields() {
        return head.fields();
    }

    /**
     * The values of a header field.
     *
     * @param name its name, in any case
     * @return all in order, none when it is not there
     */
    public List<String> headerValues(String name) {
        return values(fields(), name);
    }

    /**
     * How the header block was cut.
     *
     * @return the lengths of HEADERS and each CONTINUATION
     */
    public List<Integer> pieces() {
        return head.pieces();
    }

    /**
     * Whether the head ended the stream.
     *
     * @return true when no body can follow
     */
    public boolean endsStream() {
        return head.endsStream();
    }

    /**
     * The trailers.
     *
     * @return the fields behind the body
     */
    public List<Field> trailers() {
        return trailers;
    }

    /**
     * The body.
     *
     * @return a copy of its bytes; empty when only the head was read
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

    private Http2Response check(String what, Object expected, Object actual) {
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

    private static List<String> values(List<Field> all, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        List<String> found = new ArrayList<>();
        for (Field field : all) {
            if (field.name().equals(lower)) {
                found.add(field.value());
            }
        }
        return found;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        interims.forEach(text::append);
        fields().forEach(field -> text.append(field).append('\n'));
        if (body.length > 0) {
            String shown = bodyText();
            text.append('\n')
                    .append(shown.length() > 400 ? shown.substring(0, 400) + "..." : shown)
                    .append('\n');
        }
        trailers.forEach(field -> text.append(field).append('\n'));
        if (resetCode != null) {
            text.append("RST_STREAM ").append(Http2Error.nameOf(resetCode)).append('\n');
        }
        return text.toString();
    }
}
