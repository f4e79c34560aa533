package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionResetException;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** The responses of a conversation, one after another, each with the method that it answers. */
final class Http1Responses {

    private final MemoryConnection connection;
    private final Http1ResponseReader reader;
    private final ArrayDeque<String> methods = new ArrayDeque<>();
    private @Nullable Http1Response current;
    private String currentMethod = "GET";

    Http1Responses(MemoryConnection connection) {
        this.connection = connection;
        this.reader = new Http1ResponseReader(connection.inputStream());
    }

    /** A request was sent. */
    void sent(String method) {
        methods.add(method);
    }

    /** The last response whose head was read. */
    Http1Response current() {
        Http1Response response = current;
        if (response == null) {
            throw new IllegalStateException("No response was expected yet");
        }
        return response;
    }

    /** Reads the current response to its end. */
    Http1Response readRest() {
        Http1Response response = current();
        try {
            reader.readBody(response, currentMethod);
        } catch (IOException e) {
            throw new AssertionError(
                    "The body is not complete: " + e.getMessage() + "\nbehind " + response, e);
        }
        return response;
    }

    /** Reads the next head, final or interim, after the rest of the response before. */
    Http1Response next() {
        if (current != null && !current.isComplete()) {
            readRest();
        }
        if (current == null || !current.isInterim()) {
            String method = methods.poll();
            currentMethod = method == null ? "GET" : method;
        }
        Http1Response next;
        try {
            next = reader.readHead();
        } catch (EOFException e) {
            throw new AssertionError(
                    "Expected a response but the server ended the stream within it", e);
        } catch (IOException e) {
            throw new AssertionError("Expected a response but: " + e.getMessage(), e);
        }
        if (next == null) {
            throw new AssertionError("Expected a response but the server ended the stream");
        }
        current = next;
        return next;
    }

    /**
     * Reads on until the server ends the stream.
     *
     * @param reset whether the end has to be a reset; otherwise the current response comes first
     * @return what came behind, one character a byte
     */
    String readToEnd(boolean reset) {
        StringBuilder more = new StringBuilder();
        try {
            if (!reset && current != null && !current.isComplete()) {
                reader.readBody(current, currentMethod);
            }
            byte[] piece = new byte[4096];
            int count;
            while ((count = connection.read(piece, 0, piece.length)) >= 0) {
                more.append(new String(piece, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (ConnectionResetException e) {
            if (reset) {
                return more.toString();
            }
            throw new AssertionError(
                    "Expected the end of the stream but got a reset after '" + more + "'", e);
        } catch (IOException e) {
            throw new AssertionError(
                    "Expected the end of the connection but: " + e.getMessage(), e);
        }
        if (reset) {
            throw new AssertionError(
                    "Expected a reset but got the end of the stream after '" + more + "'");
        }
        return more.toString();
    }

    /** The current response for a message, or nothing. */
    @Override
    public String toString() {
        return current == null ? "" : "\n\nThe current response:\n" + current;
    }
}
