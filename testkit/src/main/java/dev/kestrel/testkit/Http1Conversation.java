package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionResetException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A client that says exactly what a test tells it to, and compares what it hears with what the test
 * expects. Each {@code expect} waits for the server; each fails with an {@link AssertionError} that
 * shows the difference.
 *
 * <p>Responses are read strictly. The conversation knows which of the requests that were
 * {@linkplain #send sent} a response answers, so that one to {@code HEAD} has no body. One thread
 * uses a conversation at a time.
 */
public final class Http1Conversation implements AutoCloseable {

    private final MemoryConnection connection;
    private final ManualTimeProvider time;
    private final Http1Responses responses;

    /**
     * Talks over a connection.
     *
     * @param connection the client's end; closed with the conversation
     * @param time the server's clock
     */
    public Http1Conversation(MemoryConnection connection, ManualTimeProvider time) {
        this.connection = connection;
        this.time = time;
        this.responses = new Http1Responses(connection);
    }

    /**
     * The connection beneath.
     *
     * @return the client's end
     */
    public MemoryConnection connection() {
        return connection;
    }

    /**
     * Sends a request's head, or trailers, or anything else that is made of lines.
     *
     * @param lines lines without their CRLF, which is added to each; the head's last one is empty
     * @return this
     */
    public Http1Conversation send(String... lines) {
        if (lines.length > 0 && lines[0].contains(" HTTP/1.")) {
            responses.sent(lines[0].substring(0, lines[0].indexOf(' ')));
        }
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        return sendRaw(text.toString());
    }

    /**
     * Sends text as it is.
     *
     * @param text each character becomes one byte
     * @return this
     */
    public Http1Conversation sendRaw(String text) {
        return sendRaw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Sends bytes as they are. When the server has reset the connection they are lost; reading
     * shows the reset.
     *
     * @param bytes what to send
     * @return this
     */
    public Http1Conversation sendRaw(byte... bytes) {
        try {
            connection.write(bytes);
        } catch (ConnectionResetException e) {
            // As with a socket, the writer often does not notice.
            return this;
        } catch (IOException e) {
            throw new AssertionError("Sending failed", e);
        }
        return this;
    }

    /**
     * Says that nothing more will be sent (FIN).
     *
     * @return this
     */
    public Http1Conversation finish() {
        connection.finish();
        return this;
    }

    /**
     * Breaks the connection (RST).
     *
     * @return this
     */
    public Http1Conversation reset() {
        connection.reset();
        return this;
    }

    /**
     * Lets the server do all it can, then moves its clock.
     *
     * @param duration how far; the server's heart beats once a second on the way
     * @return this
     */
    public Http1Conversation advance(Duration duration) {
        connection.awaitServerIdle();
        time.advance(duration);
        return this;
    }

    /**
     * Reads the head of the next response, final or interim, after the rest of the one before.
     *
     * @param status what it has to be
     * @return this
     */
    public Http1Conversation expectStatus(int status) {
        Http1Response response = responses.next();
        if (response.status() != status) {
            throw new AssertionError("Expected status " + status + " but got:\n" + response);
        }
        return this;
    }

    /**
     * Reads the head of the next response, when there is more than one that is right.
     *
     * @param statuses what it may be
     * @return this
     */
    public Http1Conversation expectStatusIn(int... statuses) {
        Http1Response response = responses.next();
        if (Arrays.stream(statuses).noneMatch(status -> status == response.status())) {
            throw new AssertionError(
                    "Expected one of " + Arrays.toString(statuses) + " but got:\n" + response);
        }
        return this;
    }

    /**
     * Reads the next response, final or interim, to its end, whatever its status.
     *
     * @return the complete response
     */
    public Http1Response nextResponse() {
        responses.next();
        return readRest();
    }

    /**
     * Compares the reason phrase of the current response.
     *
     * @param reason what it has to be
     * @return this
     */
    public Http1Conversation expectReason(String reason) {
        return check("the reason phrase", reason, response().reason());
    }

    /**
     * Compares a header field of the current response.
     *
     * @param name its name
     * @param values all values that it has to have, in order
     * @return this
     */
    public Http1Conversation expectHeader(String name, String... values) {
        return check(name, List.of(values), response().header(name));
    }

    /**
     * Checks that the current response does not have a header field.
     *
     * @param name its name
     * @return this
     */
    public Http1Conversation expectNoHeader(String name) {
        return check(name, List.of(), response().header(name));
    }

    /**
     * Reads the rest of the current response and compares its body.
     *
     * @param body what it has to be, in UTF-8
     * @return this
     */
    public Http1Conversation expectBody(String body) {
        readRest();
        return check("the body", body, response().bodyText());
    }

    /**
     * Reads the rest of the current response and compares its body.
     *
     * @param body what it has to be
     * @return this
     */
    public Http1Conversation expectBody(byte[] body) {
        readRest();
        if (!Arrays.equals(body, response().body())) {
            throw new AssertionError(
                    "Expected a body of "
                            + body.length
                            + " bytes but got another of "
                            + response().body().length);
        }
        return this;
    }

    /**
     * Reads the rest of the current response and compares a trailer.
     *
     * @param name its name
     * @param values all values that it has to have, in order; none when it must not be there
     * @return this
     */
    public Http1Conversation expectTrailer(String name, String... values) {
        readRest();
        return check("trailer " + name, List.of(values), response().trailer(name));
    }

    /**
     * Reads bytes as they come and compares them.
     *
     * @param text what they have to be, one character a byte
     * @return this
     */
    public Http1Conversation expectRaw(String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] seen;
        try {
            seen = connection.inputStream().readNBytes(expected.length);
        } catch (IOException e) {
            throw new AssertionError("Expected '" + text + "' but the connection failed", e);
        }
        return check("the bytes", text, new String(seen, StandardCharsets.ISO_8859_1));
    }

    /**
     * Checks that the server has ended the stream in good order (FIN), and sent nothing but what
     * was expected so far and the rest of the current response.
     *
     * @return this
     */
    public Http1Conversation expectClosed() {
        String more = responses.readToEnd(false);
        return check("what came before the end", "", more);
    }

    /**
     * Checks that the server has aborted the connection (RST), behind nothing but what was expected
     * so far.
     *
     * @return this
     */
    public Http1Conversation expectReset() {
        return check("what came before the reset", "", responses.readToEnd(true));
    }

    /**
     * Checks that the server has ended the connection in one way or the other, and sent nothing but
     * what was expected so far.
     *
     * @return this
     */
    public Http1Conversation expectGone() {
        byte[] piece = new byte[4096];
        try {
            int count = connection.read(piece, 0, piece.length);
            if (count > 0) {
                check(
                        "what came before the end",
                        "",
                        new String(piece, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (ConnectionResetException e) {
            return this;
        } catch (IOException e) {
            throw new AssertionError(
                    "Expected the end of the connection but: " + e.getMessage(), e);
        }
        return this;
    }

    /**
     * Checks that the server has sent nothing that was not expected before, has not ended the
     * connection, and waits for more.
     *
     * @return this
     */
    public Http1Conversation expectNothingYet() {
        connection.awaitServerIdle();
        int waiting = connection.available();
        if (waiting > 0) {
            byte[] seen = new byte[waiting];
            try {
                int count = connection.read(seen, 0, waiting);
                throw new AssertionError(
                        "Expected nothing but got '"
                                + new String(seen, 0, count, StandardCharsets.ISO_8859_1)
                                + "'");
            } catch (IOException e) {
                throw new AssertionError("Expected nothing but the connection failed", e);
            }
        }
        if (connection.isEndedByServer()) {
            throw new AssertionError("Expected nothing but the server has ended the connection");
        }
        return this;
    }

    /**
     * The current response: the last whose head was read.
     *
     * @return the response
     * @throws IllegalStateException before the first
     */
    public Http1Response response() {
        return responses.current();
    }

    /**
     * Reads the current response to its end.
     *
     * @return the complete response
     */
    public Http1Response readRest() {
        return responses.readRest();
    }

    /**
     * Takes note of the method of a request that was sent in another way than by {@link #send}.
     *
     * @param method the method
     * @return this
     */
    public Http1Conversation sentMethod(String method) {
        responses.sent(method);
        return this;
    }

    private Http1Conversation check(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(
                    "Expected "
                            + what
                            + " to be:\n"
                            + expected
                            + "\nbut got:\n"
                            + actual
                            + responses);
        }
        return this;
    }

    /** Ends the connection as a client that is done. */
    @Override
    public void close() {
        connection.close();
    }
}
