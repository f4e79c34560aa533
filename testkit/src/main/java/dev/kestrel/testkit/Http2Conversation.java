package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionResetException;

import java.io.IOException;
import java.time.Duration;
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
public final class Http2Conversation extends Http2Expecting<Http2Conversation>
        implements AutoCloseable {

    private static final long ROUND_TRIP = 0x6b65737472656c00L;

    private final MemoryConnection connection;
    private final ManualTimeProvider time;
    private final Http2SentFrames sent = new Http2SentFrames(books);
    private long roundTrips;

    /**
     * Talks over a connection.
     *
     * @param connection the client's end; closed with the conversation
     * @param time the server's clock
     */
    public Http2Conversation(MemoryConnection connection, ManualTimeProvider time) {
        super(connection);
        this.connection = connection;
        this.time = time;
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
     * Waits until the server has read all frames and all of its threads wait for something, then
     * moves its clock.
     *
     * @param duration how far; the server's heart beats once a second on the way
     * @return this
     */
    public Http2Conversation advance(Duration duration) {
        awaitServerIdle();
        VirtualThreads.awaitRest();
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

    /** Ends the connection as a client that is done. */
    @Override
    public void close() {
        connection.close();
    }
}
