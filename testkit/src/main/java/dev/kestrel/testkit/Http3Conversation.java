package dev.kestrel.testkit;

import dev.kestrel.connections.StreamResetException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * An HTTP/3 client that says exactly what a test tells it to, and compares what it hears with what
 * the test expects. Each {@code expect} waits for the server; each fails with an {@link
 * AssertionError}.
 *
 * <p>Requests are on streams 0, 4, 8 and so on; the first that is sent on a stream opens it, and
 * those before it. What comes is held to the order of frames in RFC 9114 section 4.1. One thread
 * uses a conversation at a time.
 */
public final class Http3Conversation extends Http3Sending<Http3Conversation>
        implements AutoCloseable {

    private final MemoryMultiplexedConnection connection;
    private final ManualTimeProvider time;
    private @Nullable MemoryMultiplexedStream decoderStream;

    /**
     * Talks over a connection.
     *
     * @param connection the client's end; closed with the conversation
     * @param time the server's clock
     */
    public Http3Conversation(MemoryMultiplexedConnection connection, ManualTimeProvider time) {
        super(connection);
        this.connection = connection;
        this.time = time;
    }

    /**
     * The connection beneath.
     *
     * @return the client's end
     */
    public MemoryMultiplexedConnection connection() {
        return connection;
    }

    @Override
    Http3Conversation self() {
        return this;
    }

    /**
     * Begins as a client does: a control stream with SETTINGS, and the server's.
     *
     * @param idValuePairs the client's settings: identifiers, each followed by its value
     * @return this
     */
    public Http3Conversation handshake(long... idValuePairs) {
        settings(idValuePairs).expectSettings();
        return this;
    }

    // Waiting.

    /**
     * Waits until the server has read all that was sent and all of its threads wait for something.
     *
     * @return this
     */
    public Http3Conversation awaitServerIdle() {
        connection.awaitServerIdle();
        return this;
    }

    /**
     * Waits until all of the server's threads wait for something, then moves its clock.
     *
     * @param duration how far; the server's heart beats once a second on the way
     * @return this
     */
    public Http3Conversation advance(Duration duration) {
        awaitServerIdle();
        time.advance(duration);
        return this;
    }

    // What the server sends for the connection.

    /**
     * Expects that the server's control stream begins with SETTINGS.
     *
     * @return identifiers, each followed by its value
     */
    public List<Long> expectSettings() {
        return expectControlFrame(Http3Frames.SETTINGS).varInts();
    }

    /**
     * Expects GOAWAY.
     *
     * @param streamId the first stream of a request that will not be taken
     * @return this
     */
    public Http3Conversation expectGoAway(long streamId) {
        List<Long> seen = expectControlFrame(Http3Frames.GOAWAY).varInts();
        return check("GOAWAY", List.of(streamId), seen);
    }

    /**
     * Expects a frame on the server's control stream; those of reserved types are passed by.
     *
     * @param type one of {@link Http3Frames}
     * @return the frame
     */
    public Http3ReceivedFrame expectControlFrame(long type) {
        try {
            Http3ReceivedFrame frame;
            do {
                frame = ofServer.ofType(Http3Frames.CONTROL_STREAM).frame();
                if (frame == null) {
                    throw new AssertionError("The server has ended its control stream");
                }
            } while (isReserved(frame.type()));
            check("the frame", Http3Frames.nameOf(type), Http3Frames.nameOf(frame.type()));
            return frame;
        } catch (IOException e) {
            throw new AssertionError(
                    "Expected " + Http3Frames.nameOf(type) + ": " + e.getMessage(), e);
        }
    }

    /** RFC 9114 section 7.2.8. */
    private static boolean isReserved(long type) {
        return (type - 0x21) % 0x1f == 0;
    }

    /**
     * Expects that the server ends the connection with an error.
     *
     * @param code one of {@link Http3Error}
     * @return this
     */
    public Http3Conversation expectConnectionError(long code) {
        OptionalLong seen = connection.awaitCloseCode();
        return check(
                "the code of the connection's end",
                Http3Error.nameOf(code),
                seen.isPresent() ? Http3Error.nameOf(seen.getAsLong()) : "none");
    }

    /**
     * Expects that the server ends the connection in good order.
     *
     * @return this
     */
    public Http3Conversation expectClosed() {
        return expectConnectionError(Http3Error.NO_ERROR);
    }

    // What the server sends on streams of requests.

    /**
     * Expects a response, to its end or a reset.
     *
     * @param streamId the stream
     * @return the response
     */
    public Http3Response expectResponse(long streamId) {
        List<Http3Response> interims = new ArrayList<>();
        List<Http2Response.Field> head = null;
        List<Http2Response.Field> trailers = null;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Long resetCode = null;
        try {
            for (Http3ReceivedFrame frame; (frame = nextFrame(streamId)) != null; ) {
                if (frame.type() == Http3Frames.DATA) {
                    order(head != null && trailers == null, frame);
                    body.writeBytes(frame.payload());
                } else if (head == null && isInterim(frame)) {
                    interims.add(response(streamId, frame));
                } else if (head == null) {
                    head = frame.fields();
                } else {
                    order(trailers == null, frame);
                    trailers = frame.fields();
                }
            }
        } catch (StreamResetException e) {
            resetCode = e.errorCode();
        } catch (IOException e) {
            throw new AssertionError("Expected a response on " + streamId + ": " + e, e);
        }
        if (head == null) {
            throw new AssertionError(
                    "Expected a response on stream "
                            + streamId
                            + ", which was "
                            + (resetCode == null
                                    ? "ended"
                                    : "reset with " + Http3Error.nameOf(resetCode)));
        }
        return new Http3Response(
                streamId,
                head,
                interims,
                body.toByteArray(),
                trailers == null ? List.of() : trailers,
                resetCode);
    }

    /**
     * Expects the head of a response, which may be an interim one. What follows is not waited for.
     *
     * @param streamId the stream
     * @return the head alone
     */
    public Http3Response expectHead(long streamId) {
        return response(streamId, expectFrame(streamId, Http3Frames.HEADERS));
    }

    private static Http3Response response(long streamId, Http3ReceivedFrame head) {
        return new Http3Response(streamId, head.fields(), List.of(), new byte[0], List.of(), null);
    }

    /**
     * Expects a frame of a type.
     *
     * @param streamId the stream
     * @param type one of {@link Http3Frames}
     * @return the frame
     */
    public Http3ReceivedFrame expectFrame(long streamId, long type) {
        try {
            Http3ReceivedFrame frame = nextFrame(streamId);
            check(
                    "the frame on stream " + streamId,
                    Http3Frames.nameOf(type),
                    frame == null ? "the end" : Http3Frames.nameOf(frame.type()));
            return Objects.requireNonNull(frame);
        } catch (IOException e) {
            throw new AssertionError(
                    "Expected "
                            + Http3Frames.nameOf(type)
                            + " on stream "
                            + streamId
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * Expects DATA, however it is cut.
     *
     * @param streamId the stream
     * @param text what it has to be, in UTF-8; no frame may reach beyond it
     * @return this
     */
    public Http3Conversation expectData(long streamId, String text) {
        StringBuilder seen = new StringBuilder();
        while (seen.length() < text.length()) {
            seen.append(expectFrame(streamId, Http3Frames.DATA).text());
        }
        return check("DATA", text, seen.toString());
    }

    /**
     * Expects the end of the server's direction (FIN).
     *
     * @param streamId the stream
     * @return this
     */
    public Http3Conversation expectEnd(long streamId) {
        try {
            Http3ReceivedFrame frame = nextFrame(streamId);
            return check(
                    "what comes on stream " + streamId,
                    "the end",
                    frame == null ? "the end" : frame.toString());
        } catch (IOException e) {
            throw new AssertionError("Expected the end of stream " + streamId + ": " + e, e);
        }
    }

    /**
     * Expects that the server resets its direction (RESET_STREAM); what it sent before is dropped.
     *
     * @param streamId the stream
     * @param code one of {@link Http3Error}
     * @return this
     */
    public Http3Conversation expectReset(long streamId, long code) {
        return check("the reset of stream " + streamId, code, stream(streamId).awaitReset());
    }

    /**
     * Expects that the server asks to stop sending (STOP_SENDING).
     *
     * @param streamId the stream
     * @param code one of {@link Http3Error}
     * @return this
     */
    public Http3Conversation expectStopSending(long streamId, long code) {
        return check(
                "STOP_SENDING on stream " + streamId, code, stream(streamId).awaitStopSending());
    }

    private Http3Conversation check(String what, long expected, OptionalLong actual) {
        return check(
                what,
                Http3Error.nameOf(expected),
                actual.isPresent() ? Http3Error.nameOf(actual.getAsLong()) : "none");
    }

    /**
     * Expects that the server has done what it can, sent nothing more on a stream and not ended it.
     *
     * @param streamId the stream
     * @return this
     */
    public Http3Conversation expectNothingYet(long streamId) {
        awaitServerIdle();
        return check("news on stream " + streamId, false, reader(streamId).hasNews());
    }

    /** The next frame that counts, with its fields decoded; {@code null} at the end. */
    private @Nullable Http3ReceivedFrame nextFrame(long streamId) throws IOException {
        Http3StreamReader reader = reader(streamId);
        while (true) {
            Http3ReceivedFrame frame = reader.frame();
            if (frame == null || frame.type() == Http3Frames.DATA) {
                return frame;
            }
            if (frame.type() == Http3Frames.HEADERS) {
                List<Http2Response.Field> fields = ofServer.decode(streamId, frame.payload());
                acknowledge();
                return new Http3ReceivedFrame(streamId, frame.type(), frame.payload(), fields);
            }
            order(isReserved(frame.type()), frame);
        }
    }

    private void acknowledge() {
        byte[] instructions = ofServer.instructions();
        if (instructions.length > 0) {
            if (decoderStream == null) {
                decoderStream = openUnidirectionalStream(Http3Frames.DECODER_STREAM);
            }
            write(decoderStream, instructions);
        }
    }

    private static boolean isInterim(Http3ReceivedFrame head) {
        return head.fields().stream()
                .anyMatch(field -> field.name().equals(":status") && field.value().startsWith("1"));
    }

    private static void order(boolean inOrder, Http3ReceivedFrame frame) {
        if (!inOrder) {
            throw new AssertionError("RFC 9114 section 4.1 does not allow here: " + frame);
        }
    }

    private Http3Conversation check(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(
                    "Expected " + what + " to be:\n" + expected + "\nbut got:\n" + actual);
        }
        return this;
    }

    /** Ends the connection as a client that is done. */
    @Override
    public void close() {
        connection.close();
    }
}
