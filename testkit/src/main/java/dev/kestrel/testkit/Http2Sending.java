package dev.kestrel.testkit;

import static dev.kestrel.testkit.Http2Frames.CONTINUATION;
import static dev.kestrel.testkit.Http2Frames.DATA;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.HEADERS;
import static dev.kestrel.testkit.Http2Frames.PADDED;
import static dev.kestrel.testkit.Http2Frames.PRIORITY;
import static dev.kestrel.testkit.Http2Frames.WITH_PRIORITY;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.bytes;
import static dev.kestrel.testkit.Http2Frames.ints;
import static dev.kestrel.testkit.Http2Frames.join;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The half of a conversation that speaks: each method sends at once and returns this. Nothing is
 * checked, so a test may send what is wrong.
 */
abstract class Http2Sending<T extends Http2Sending<T>> {

    private static final int PIECE = 16384;

    /** Where the value of {@code :scheme} is in {@link #request}. */
    private static final int SCHEME = 3;

    private String scheme = "http";

    abstract T self();

    /** Sends bytes as they are. */
    public abstract T sendRaw(byte... bytes);

    /** Sends bytes as they are. */
    public T send(byte... bytes) {
        return sendRaw(bytes);
    }

    /** Sends the 24 bytes that a client begins with (section 3.4). */
    public T preface() {
        return sendRaw(Http2Frames.preface());
    }

    /** Sends a frame of any kind. */
    public T frame(int type, int flags, int streamId, byte... payload) {
        return sendRaw(Http2Frames.frame(type, flags, streamId, payload));
    }

    /** Sends the nine bytes before a payload, with a length that may be a lie. */
    public T frameHeader(int length, int type, int flags, int streamId) {
        return sendRaw(Http2Frames.frameHeader(length, type, flags, streamId));
    }

    /** Sends SETTINGS: identifiers, each followed by its value. */
    public T settings(int... idValuePairs) {
        return frame(Http2Frames.SETTINGS, 0, 0, Http2Frames.settings(idValuePairs));
    }

    /** Acknowledges SETTINGS. */
    public T settingsAck() {
        return frame(Http2Frames.SETTINGS, Http2Frames.ACK, 0);
    }

    /** Sets the {@code :scheme} of the requests that follow. By default {@code http}. */
    T scheme(String value) {
        scheme = value;
        return self();
    }

    private String[] withScheme(String... request) {
        request[SCHEME] = scheme;
        return request;
    }

    /** Sends a GET that has no body; further fields follow the pseudo-header fields. */
    public T get(int streamId, String path, String... more) {
        return headers(streamId, true, withScheme(request("GET", path, more)));
    }

    /** Sends the head of a POST whose body follows as DATA. */
    public T post(int streamId, String path, String... more) {
        return headers(streamId, false, withScheme(request("POST", path, more)));
    }

    /** Sends {@code GET /} that has no body. */
    public T request(int streamId, String... more) {
        return get(streamId, "/", more);
    }

    /** The fields of a request: the four pseudo-header fields, then more. */
    public static String[] request(String method, String path, String... more) {
        String[] fields = {
            ":method", method, ":scheme", "http", ":path", path, ":authority", "example.org"
        };
        String[] all = Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        return all;
    }

    /** Sends fields as HEADERS, and as CONTINUATION what does not fit in 16384 bytes. */
    public T headers(int streamId, boolean endStream, String... nameValuePairs) {
        byte[] block = block(nameValuePairs);
        int first = Math.min(block.length, PIECE);
        int flags = (endStream ? END_STREAM : 0) | (first == block.length ? END_HEADERS : 0);
        headersFrame(streamId, flags, Arrays.copyOf(block, first));
        for (int at = first; at < block.length; at += PIECE) {
            int to = Math.min(block.length, at + PIECE);
            continuation(
                    streamId,
                    to == block.length ? END_HEADERS : 0,
                    Arrays.copyOfRange(block, at, to));
        }
        return self();
    }

    /** Sends trailers: fields behind a body, with END_STREAM. */
    public T trailers(int streamId, String... nameValuePairs) {
        return headers(streamId, true, nameValuePairs);
    }

    /** Sends HEADERS with a block, or a part of one. */
    public T headersFrame(int streamId, int flags, byte... block) {
        return frame(HEADERS, flags, streamId, block);
    }

    /** Sends HEADERS with padding; {@code PADDED} is added to the flags. */
    public T headersPadded(int streamId, int flags, int padding, byte... block) {
        return frame(HEADERS, flags | PADDED, streamId, padded(padding, block));
    }

    /** Sends HEADERS with the priority fields of RFC 7540; the flag is added. */
    public T headersWithPriority(
            int streamId, int flags, int dependsOn, boolean exclusive, int weight, byte... block) {
        byte[] payload = join(priorityFields(dependsOn, exclusive, weight), block);
        return frame(HEADERS, flags | WITH_PRIORITY, streamId, payload);
    }

    /** Sends HEADERS with padding and the priority fields of RFC 7540; the flags are added. */
    public T headersPaddedWithPriority(
            int streamId,
            int flags,
            int padding,
            int dependsOn,
            boolean exclusive,
            int weight,
            byte... block) {
        byte[] payload = join(priorityFields(dependsOn, exclusive, weight), block);
        return frame(HEADERS, flags | WITH_PRIORITY | PADDED, streamId, padded(padding, payload));
    }

    /** Sends CONTINUATION. */
    public T continuation(int streamId, int flags, byte... part) {
        return frame(CONTINUATION, flags, streamId, part);
    }

    /** Sends DATA with text in UTF-8. */
    public T data(int streamId, boolean endStream, String text) {
        return data(streamId, endStream, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends DATA. */
    public T data(int streamId, boolean endStream, byte... bytes) {
        return frame(DATA, endStream ? END_STREAM : 0, streamId, bytes);
    }

    /** Sends DATA with padding. */
    public T dataPadded(int streamId, boolean endStream, int padding, byte... bytes) {
        return frame(DATA, PADDED | (endStream ? END_STREAM : 0), streamId, padded(padding, bytes));
    }

    /** Resets a stream with one of {@link Http2Error}. */
    public T rstStream(int streamId, int code) {
        return frame(Http2Frames.RST_STREAM, 0, streamId, ints(code));
    }

    /** Sends PING. */
    public T ping(long payload) {
        return frame(Http2Frames.PING, 0, 0, eight(payload));
    }

    /** Answers PING. */
    public T pingAck(long payload) {
        return frame(Http2Frames.PING, Http2Frames.ACK, 0, eight(payload));
    }

    /** Sends GOAWAY with one of {@link Http2Error}. */
    public T goAway(int lastStream, int code) {
        return frame(Http2Frames.GOAWAY, 0, 0, ints(lastStream, code));
    }

    /** Allows the server more DATA. */
    public T windowUpdate(int streamId, int increment) {
        return frame(Http2Frames.WINDOW_UPDATE, 0, streamId, ints(increment));
    }

    /** Sends a priority of RFC 7540. */
    public T priority(int streamId, int dependsOn, boolean exclusive, int weight) {
        return frame(PRIORITY, 0, streamId, priorityFields(dependsOn, exclusive, weight));
    }

    /** Sends a priority of RFC 9218, such as {@code u=1, i}. */
    public T priorityUpdate(int streamId, String value) {
        return frame(Http2Frames.PRIORITY_UPDATE, 0, 0, join(ints(streamId), bytes(value)));
    }

    private static byte[] padded(int padding, byte[] content) {
        return join(new byte[] {(byte) padding}, content, new byte[padding]);
    }

    private static byte[] priorityFields(int dependsOn, boolean exclusive, int weight) {
        return join(
                ints(exclusive ? dependsOn | Integer.MIN_VALUE : dependsOn),
                new byte[] {(byte) (weight - 1)});
    }

    private static byte[] eight(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }
}
