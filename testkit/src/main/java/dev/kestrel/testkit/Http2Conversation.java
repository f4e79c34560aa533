package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionResetException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An HTTP/2 client that says exactly what a test tells it to, and compares what it hears with what
 * the test expects. Each {@code expect} waits for the server; each fails with an {@link
 * AssertionError} that shows what the server has sent.
 *
 * <p>What a test expects of a stream has to come in that order; frames of other streams wait until
 * they are asked for, and stream 0 counts as one. WINDOW_UPDATE is only recorded. Everything that
 * comes is held to RFC 9113: to the windows and settings that were sent, to the states of streams,
 * to the rules of header fields. One thread uses a conversation at a time.
 */
public final class Http2Conversation extends Http2Sending<Http2Conversation>
        implements AutoCloseable {

    private static final long ROUND_TRIP = 0x6b65737472656c00L;

    private final MemoryConnection connection;
    private final ManualTimeProvider time;
    private final Http2Books books = new Http2Books();
    private final Http2SentFrames sent = new Http2SentFrames(books);
    private final Http2Inbox inbox;
    private long roundTrips;

    /**
     * Talks over a connection.
     *
     * @param connection the client's end; closed with the conversation
     * @param time the server's clock
     */
    public Http2Conversation(MemoryConnection connection, ManualTimeProvider time) {
        this.connection = connection;
        this.time = time;
        this.inbox = new Http2Inbox(new Http2FrameReader(connection, books));
    }

    /**
     * The connection beneath.
     *
     * @return the client's end
     */
    public MemoryConnection connection() {
        return connection;
    }

    @Override
    Http2Conversation self() {
        return this;
    }

    /**
     * Sends bytes as they are. When the server has ended the connection they are lost; reading
     * shows how.
     *
     * @param bytes what to send
     * @return this
     */
    @Override
    public Http2Conversation sendRaw(byte... bytes) {
        sent.sent(bytes);
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
    public Http2Conversation finish() {
        connection.finish();
        return this;
    }

    /**
     * Breaks the connection (RST).
     *
     * @return this
     */
    public Http2Conversation reset() {
        connection.reset();
        return this;
    }

    /**
     * Begins as a client does: preface and SETTINGS, the server's SETTINGS and both
     * acknowledgements.
     *
     * @param idValuePairs the client's settings: identifiers, each followed by its value
     * @return this
     */
    public Http2Conversation handshake(int... idValuePairs) {
        preface().settings(idValuePairs).expectSettings();
        settingsAck().expectSettingsAck();
        inbox.forgetWindowUpdates(0);
        return this;
    }

    /**
     * From here on nothing that comes is held to the RFC.
     *
     * @return this
     */
    public Http2Conversation unchecked() {
        books.close();
        return this;
    }

    /**
     * Waits until the server has read all frames and waits for more, then moves its clock. Streams
     * may still be at work: wait for what they send.
     *
     * @param duration how far; the server's heart beats once a second on the way
     * @return this
     */
    public Http2Conversation advance(Duration duration) {
        awaitServerIdle();
        time.advance(duration);
        return this;
    }

    /**
     * Waits until the server has read and processed all frames. Nothing is sent. What streams make
     * of them may still be under way.
     *
     * @return this
     */
    public Http2Conversation awaitServerIdle() {
        connection.awaitServerIdle();
        return this;
    }

    /**
     * Sends a PING and waits for its answer: all frames before it were processed by then, and what
     * the server sent because of them alone, such as RST_STREAM, has come. A PING counts as
     * activity, and may not come in the middle of a header block.
     *
     * @return this
     */
    public Http2Conversation roundTrip() {
        long payload = ROUND_TRIP + ++roundTrips;
        ping(payload);
        inbox.take("the answer to PING", f -> isPing(f) && f.isAck() && f.longAt(0) == payload);
        return this;
    }

    private static boolean isPing(Http2ReceivedFrame frame) {
        return frame.type() == Http2Frames.PING;
    }

    /**
     * Takes the next frame of any stream except WINDOW_UPDATE, in the order in which they came.
     *
     * @return the frame; a header block is one
     */
    public Http2ReceivedFrame nextFrame() {
        return inbox.take("a frame", frame -> !frame.isOnlyEnd());
    }

    /**
     * Takes the next frame of a stream except WINDOW_UPDATE.
     *
     * @param streamId which stream, 0 for the connection
     * @return the frame; a header block is one
     */
    public Http2ReceivedFrame nextFrame(int streamId) {
        return inbox.take(
                "a frame of stream " + streamId,
                frame -> frame.streamId() == streamId && !frame.isOnlyEnd());
    }

    private Http2ReceivedFrame next(String what, int type, int streamId) {
        String expected = Http2Frames.nameOf(type) + "(" + streamId + ")" + what;
        Http2ReceivedFrame frame =
                inbox.take(
                        expected,
                        f ->
                                f.streamId() == streamId
                                        && (!f.isOnlyEnd() || type == Http2Frames.DATA));
        if (frame.type() != type) {
            throw new AssertionError("Expected " + expected + " but got " + frame + inbox);
        }
        return frame;
    }

    /**
     * Expects SETTINGS.
     *
     * @return the server's settings: identifiers, each followed by its value
     */
    public List<Integer> expectSettings() {
        Http2ReceivedFrame frame = next("", Http2Frames.SETTINGS, 0);
        return check("SETTINGS without ACK", false, frame.isAck(), frame.settings());
    }

    /**
     * Expects the acknowledgement of SETTINGS.
     *
     * @return this
     */
    public Http2Conversation expectSettingsAck() {
        Http2ReceivedFrame frame = next(" ACK", Http2Frames.SETTINGS, 0);
        return check("the ACK of SETTINGS", true, frame.isAck(), this);
    }

    /**
     * Expects PING.
     *
     * @return its payload
     */
    public long expectPing() {
        Http2ReceivedFrame frame = next("", Http2Frames.PING, 0);
        return check("PING without ACK", false, frame.isAck(), frame.longAt(0));
    }

    /**
     * Expects the answer to PING.
     *
     * @param payload as it was sent
     * @return this
     */
    public Http2Conversation expectPingAck(long payload) {
        Http2ReceivedFrame frame = next(" ACK", Http2Frames.PING, 0);
        check("the ACK of PING", true, frame.isAck(), this);
        return check("its payload", payload, frame.longAt(0), this);
    }

    /**
     * Expects the head of a response, final or interim.
     *
     * @param streamId which stream
     * @return the head
     */
    public Http2Response expectHeaders(int streamId) {
        Http2ReceivedFrame frame = next("", Http2Frames.HEADERS, streamId);
        if (frame.endsStream()) {
            inbox.putBack(frame.rest(frame.length()));
        }
        return new Http2Response(frame);
    }

    /**
     * Reads a response to its end, or to its reset by the server.
     *
     * @param streamId which stream
     * @return the response, with the interim ones before it
     */
    public Http2Response expectResponse(int streamId) {
        List<Http2Response> interims = new ArrayList<>();
        Http2ReceivedFrame head = next("", Http2Frames.HEADERS, streamId);
        while (new Http2Response(head).status() < 200) {
            interims.add(new Http2Response(head));
            head = next("", Http2Frames.HEADERS, streamId);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Http2ReceivedFrame last = head;
        while (!last.endsStream()) {
            last = nextFrame(streamId);
            if (last.type() == Http2Frames.RST_STREAM) {
                int code = last.intAt(0);
                return new Http2Response(head, interims, body.toByteArray(), List.of(), code);
            }
            if (last.type() == Http2Frames.DATA) {
                body.writeBytes(last.payload());
            }
        }
        boolean trailers = last != head && last.type() == Http2Frames.HEADERS;
        return new Http2Response(
                head, interims, body.toByteArray(), trailers ? last.fields() : List.of(), null);
    }

    /**
     * Expects DATA, however it is cut.
     *
     * @param streamId which stream
     * @param text what it has to be, in UTF-8
     * @return this
     */
    public Http2Conversation expectData(int streamId, String text) {
        byte[] seen = readData(streamId, text.getBytes(StandardCharsets.UTF_8).length);
        return check("DATA", text, new String(seen, StandardCharsets.UTF_8), this);
    }

    /**
     * Reads DATA, however it is cut.
     *
     * @param streamId which stream
     * @param count how many bytes
     * @return the bytes
     */
    public byte[] readData(int streamId, int count) {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        while (seen.size() < count) {
            Http2ReceivedFrame frame = next("", Http2Frames.DATA, streamId);
            int take = Math.min(count - seen.size(), frame.length());
            seen.writeBytes(Arrays.copyOf(frame.payload(), take));
            if (take < frame.length() || frame.endsStream()) {
                inbox.putBack(frame.rest(take));
            }
            if (frame.endsStream() && take == frame.length() && seen.size() < count) {
                check("as many bytes of DATA", count, seen.size(), this);
            }
        }
        return seen.toByteArray();
    }

    /**
     * Expects that nothing but END_STREAM follows what was read of a stream.
     *
     * @param streamId which stream
     * @return this
     */
    public Http2Conversation expectEndStream(int streamId) {
        Http2ReceivedFrame frame = next(" END_STREAM", Http2Frames.DATA, streamId);
        check("the length of the last DATA", 0, frame.length(), this);
        return check("END_STREAM", true, frame.endsStream(), this);
    }

    /**
     * Expects RST_STREAM.
     *
     * @param streamId which stream
     * @param code one of {@link Http2Error}
     * @return this
     */
    public Http2Conversation expectReset(int streamId, int code) {
        String name = Http2Error.nameOf(code);
        Http2ReceivedFrame frame = next(" " + name, Http2Frames.RST_STREAM, streamId);
        return check("RST_STREAM", name, Http2Error.nameOf(frame.intAt(0)), this);
    }

    /**
     * Expects GOAWAY.
     *
     * @param lastStream the last stream that the server has taken
     * @param code one of {@link Http2Error}
     * @return this
     */
    public Http2Conversation expectGoAway(int lastStream, int code) {
        String expected = "last " + lastStream + " " + Http2Error.nameOf(code);
        Http2ReceivedFrame frame = next(" " + expected, Http2Frames.GOAWAY, 0);
        String seen = "last " + frame.intAt(0) + " " + Http2Error.nameOf(frame.intAt(4));
        return check("GOAWAY", expected, seen, this);
    }

    /**
     * Expects GOAWAY, and that the connection ends behind it.
     *
     * @param lastStream the last stream that the server has taken
     * @param code one of {@link Http2Error}
     * @return this
     */
    public Http2Conversation expectConnectionError(int lastStream, int code) {
        return expectGoAway(lastStream, code).expectGone();
    }

    /**
     * Takes the next WINDOW_UPDATE of a stream.
     *
     * @param streamId which stream, 0 for the connection
     * @param increment what it has to be
     * @return this
     */
    public Http2Conversation expectWindowUpdate(int streamId, int increment) {
        int seen = inbox.takeWindowUpdate(streamId).intAt(0);
        return check("WINDOW_UPDATE(" + streamId + ")", increment, seen, this);
    }

    /**
     * Takes as many WINDOW_UPDATE frames of a stream as make a sum.
     *
     * @param streamId which stream, 0 for the connection
     * @param sum what they have to be together
     * @return this
     */
    public Http2Conversation expectWindowUpdates(int streamId, long sum) {
        long seen = 0;
        while (seen < sum) {
            seen += inbox.takeWindowUpdate(streamId).intAt(0);
        }
        return check("the sum of WINDOW_UPDATE(" + streamId + ")", sum, seen, this);
    }

    /**
     * What WINDOW_UPDATE frames have come and were not taken.
     *
     * @param streamId which stream, 0 for the connection
     * @return the sum of their increments
     */
    public long windowUpdates(int streamId) {
        return inbox.windowUpdates(streamId);
    }

    /**
     * Drops the frames of a stream, those that wait and those to come.
     *
     * @param streamId which stream
     * @return this
     */
    public Http2Conversation ignore(int streamId) {
        inbox.ignore(streamId);
        return this;
    }

    /**
     * Expects that the server has ended the connection in good order (FIN), and sent nothing but
     * what was expected.
     *
     * @return this
     */
    public Http2Conversation expectClosed() {
        check("an end by reset", false, inbox.readToEnd(), this);
        inbox.requireEmpty("the end of the connection");
        return this;
    }

    /**
     * Expects that the server has ended the connection in one way or the other, and sent nothing
     * but what was expected.
     *
     * @return this
     */
    public Http2Conversation expectGone() {
        inbox.readToEnd();
        inbox.requireEmpty("the end of the connection");
        return this;
    }

    /**
     * Expects that the server has processed all frames, sent nothing but what was expected before,
     * and not ended the connection. It is asked by a {@link #roundTrip()} where a PING may be sent.
     * An application that is still at work is not waited for.
     *
     * @return this
     */
    public Http2Conversation expectNothingYet() {
        if (sent.isAtRest()) {
            roundTrip();
            inbox.requireEmpty("nothing");
            return this;
        }
        return expectQuiet();
    }

    /**
     * As {@link #expectNothingYet()}, but without a PING, which counts as activity.
     *
     * @return this
     */
    public Http2Conversation expectQuiet() {
        awaitServerIdle();
        while (connection.available() > 0) {
            inbox.receive("nothing");
        }
        inbox.requireEmpty("nothing");
        return check("an end of the connection", false, connection.isEndedByServer(), this);
    }

    private <R> R check(String what, Object expected, Object actual, R result) {
        if (!expected.equals(actual)) {
            throw new AssertionError(
                    "Expected " + what + " to be:\n" + expected + "\nbut got:\n" + actual + inbox);
        }
        return result;
    }

    /** Ends the connection as a client that is done. */
    @Override
    public void close() {
        connection.close();
    }
}
