package dev.kestrel.testkit;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A response as it came, final or interim. Its body and trailers are there once they were read. */
public final class Http1Response {

    private final String version;
    private final int status;
    private final String reason;
    private final List<Field> fields;
    private byte @Nullable [] body;
    private List<Field> trailers = List.of();

    Http1Response(String version, int status, String reason, List<Field> fields) {
        this.version = version;
        this.status = status;
        this.reason = reason;
        this.fields = List.copyOf(fields);
    }

    /**
     * A header field or trailer.
     *
     * @param name as it came
     * @param value without the white space around it
     */
    public record Field(String name, String value) {}

    /**
     * The version in the status line.
     *
     * @return {@code HTTP/1.1} or whatever the server sent
     */
    public String version() {
        return version;
    }

    /**
     * The status.
     *
     * @return three digits
     */
    public int status() {
        return status;
    }

    /**
     * The text behind the status.
     *
     * @return the reason phrase, possibly empty
     */
    public String reason() {
        return reason;
    }

    /**
     * The header fields.
     *
     * @return the fields in the order in which they came
     */
    public List<Field> fields() {
        return fields;
    }

    /**
     * All values of a header field.
     *
     * @param name its name, in any case
     * @return the values in order, none when it is not there
     */
    public List<String> header(String name) {
        return values(fields, name);
    }

    /**
     * All values of a trailer.
     *
     * @param name its name, in any case
     * @return the values in order, none when it is not there
     */
    public List<String> trailer(String name) {
        return values(trailers, name);
    }

    /**
     * The trailers.
     *
     * @return the fields that came behind a chunked body
     */
    public List<Field> trailers() {
        return trailers;
    }

    /**
     * The body.
     *
     * @return a copy of its bytes, without chunk framing
     * @throws IllegalStateException before it was read
     */
    public byte[] body() {
        if (body == null) {
            throw new IllegalStateException("The body was not read yet");
        }
        return body.clone();
    }

    /**
     * The body as text.
     *
     * @return the body in UTF-8
     * @throws IllegalStateException before it was read
     */
    public String bodyText() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /**
     * Whether this is an interim response (RFC 9110 section 15.2). 101 is final: another protocol
     * follows it.
     *
     * @return true for 1xx except 101
     */
    public boolean isInterim() {
        return status < 200 && status != 101;
    }

    /** Whether the body was read. */
    boolean isComplete() {
        return body != null;
    }

    /** Sets what came behind the head. */
    void complete(byte[] content, List<Field> after) {
        body = content;
        trailers = List.copyOf(after);
    }

    private static List<String> values(List<Field> all, String name) {
        List<String> found = new ArrayList<>();
        for (Field field : all) {
            if (field.name().equalsIgnoreCase(name)) {
                found.add(field.value());
            }
        }
        return found;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(version + " " + status + " " + reason + "\n");
        fields.forEach(f -> text.append(f.name()).append(": ").append(f.value()).append('\n'));
        if (body != null) {
            text.append('\n').append(new String(body, StandardCharsets.ISO_8859_1));
        }
        trailers.forEach(f -> text.append('\n').append(f.name()).append(": ").append(f.value()));
        return text.toString();
    }
}
