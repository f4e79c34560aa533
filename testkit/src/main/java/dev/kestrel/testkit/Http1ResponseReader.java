package dev.kestrel.testkit;

import dev.kestrel.testkit.Http1Response.Field;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads HTTP/1.1 responses one after another, as strictly as RFC 9112 writes them: what a server
 * may not send is a {@link ProtocolException}. It takes no byte more than the response has, so
 * whatever follows can be read from the same stream. Not safe for several threads at once.
 */
public final class Http1ResponseReader {

    private static final Pattern STATUS_LINE =
            Pattern.compile("(HTTP/1\\.[01]) ([1-9][0-9]{2}) ([\\t -~\\x80-\\xff]*)");
    private static final Pattern FIELD_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\t -~\\x80-\\xff]*?)[ \\t]*");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,15})(;.*)?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    private final InputStream in;

    /**
     * Reads from a stream.
     *
     * @param in what the server sends
     */
    public Http1ResponseReader(InputStream in) {
        this.in = Objects.requireNonNull(in, "in");
    }

    /**
     * Reads a status line and header fields, final or interim.
     *
     * @return the response, without its body; {@code null} when the stream ended before its first
     *     byte
     * @throws ProtocolException when it is not well-formed
     * @throws EOFException when the stream ended within it
     * @throws IOException when the stream fails
     */
    public @Nullable Http1Response readHead() throws IOException {
        String line = readLine(true);
        if (line == null) {
            return null;
        }
        Matcher status = STATUS_LINE.matcher(line);
        if (!status.matches()) {
            throw new ProtocolException("Not a status line: '" + line + "'");
        }
        return new Http1Response(
                status.group(1), Integer.parseInt(status.group(2)), status.group(3), readFields());
    }

    /**
     * Reads what belongs behind a head, by the rules of RFC 9112 section 6.3, and completes the
     * response with it. Does nothing when that was done before.
     *
     * @param response what {@link #readHead} gave
     * @param method the method of the request: answers to {@code HEAD}, and 2xx to {@code CONNECT},
     *     have no body
     * @throws ProtocolException when it is not well-formed
     * @throws EOFException when the stream ended within it
     * @throws IOException when the stream fails
     */
    public void readBody(Http1Response response, String method) throws IOException {
        if (response.isComplete()) {
            return;
        }
        List<String> codings = response.header("Transfer-Encoding");
        List<String> lengths = response.header("Content-Length");
        if (!codings.isEmpty() && !lengths.isEmpty()) {
            throw new ProtocolException("Both Transfer-Encoding and Content-Length:\n" + response);
        }
        if (lengths.size() > 1
                || (lengths.size() == 1 && !DIGITS.matcher(lengths.get(0)).matches())) {
            throw new ProtocolException("Not one Content-Length: " + lengths);
        }
        if (hasNoBody(response, method)) {
            response.complete(new byte[0], List.of());
        } else if (!codings.isEmpty()
                && codings.getLast().toLowerCase(Locale.ROOT).endsWith("chunked")) {
            readChunked(response);
        } else if (!codings.isEmpty() || lengths.isEmpty()) {
            response.complete(in.readAllBytes(), List.of());
        } else {
            response.complete(
                    readExactly(Math.toIntExact(Long.parseLong(lengths.get(0)))), List.of());
        }
    }

    private static boolean hasNoBody(Http1Response response, String method) {
        int status = response.status();
        return status < 200
                || status == 204
                || status == 304
                || method.equals("HEAD")
                || (method.equals("CONNECT") && status < 300);
    }

    private void readChunked(Http1Response response) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = Objects.requireNonNull(readLine(false));
            Matcher size = CHUNK_SIZE.matcher(line);
            if (!size.matches()) {
                throw new ProtocolException("Not a chunk size: '" + line + "'");
            }
            int length = Math.toIntExact(Long.parseLong(size.group(1), 16));
            if (length == 0) {
                response.complete(body.toByteArray(), readFields());
                return;
            }
            body.write(readExactly(length));
            if (readByte() != '\r' || readByte() != '\n') {
                throw new ProtocolException("No CRLF behind a chunk of " + length + " bytes");
            }
        }
    }

    private List<Field> readFields() throws IOException {
        List<Field> fields = new ArrayList<>();
        while (true) {
            String line = Objects.requireNonNull(readLine(false));
            if (line.isEmpty()) {
                return fields;
            }
            Matcher field = FIELD_LINE.matcher(line);
            if (!field.matches()) {
                throw new ProtocolException("Not a field line: '" + line + "'");
            }
            fields.add(new Field(field.group(1), field.group(2)));
        }
    }

    private @Nullable String readLine(boolean mayEnd) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int value = mayEnd && line.isEmpty() ? in.read() : readByte();
            if (value < 0) {
                return null;
            }
            if (value == '\n') {
                throw new ProtocolException("A bare LF behind '" + line + "'");
            }
            if (value == '\r') {
                if (readByte() != '\n') {
                    throw new ProtocolException("A bare CR behind '" + line + "'");
                }
                return line.toString();
            }
            line.append((char) value);
        }
    }

    private int readByte() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("The server ended the stream within a response");
        }
        return value;
    }

    private byte[] readExactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException(
                    "The server ended the stream after "
                            + bytes.length
                            + " of "
                            + count
                            + " bytes: "
                            + new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return bytes;
    }
}
