package dev.kestrel.testkit;

import dev.kestrel.connections.ConnectionResetException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The half of a conversation in HTTP/3 that speaks: each method sends at once and returns this.
 * Nothing is checked, so a test may send what is wrong.
 */
abstract class Http3Sending<T extends Http3Sending<T>> {

    final Http3ServerStreams ofServer;
    private final MemoryMultiplexedConnection connection;
    private final Map<Long, Http3StreamReader> requests = new HashMap<>();
    private @Nullable MemoryMultiplexedStream control;
    private long nextRequest;

    Http3Sending(MemoryMultiplexedConnection connection) {
        this.connection = connection;
        ofServer = new Http3ServerStreams(connection);
    }

    abstract T self();

    // What the client sends for the connection.

    /**
     * Sends SETTINGS on the control stream. What they say of QPACK is held to by this client.
     *
     * @param idValuePairs identifiers, each followed by its value
     * @return this
     */
    public T settings(long... idValuePairs) {
        int capacity = 0;
        int blocked = 0;
        for (int i = 0; i + 1 < idValuePairs.length; i += 2) {
            if (idValuePairs[i] == Http3Frames.QPACK_MAX_TABLE_CAPACITY) {
                capacity = (int) idValuePairs[i + 1];
            } else if (idValuePairs[i] == Http3Frames.QPACK_BLOCKED_STREAMS) {
                blocked = (int) idValuePairs[i + 1];
            }
        }
        ofServer.settings(capacity, blocked);
        return controlFrame(Http3Frames.SETTINGS, Http3Frames.varInts(idValuePairs));
    }

    /**
     * Sends GOAWAY on the control stream.
     *
     * @param pushId the first push that will not be taken
     * @return this
     */
    public T goAway(long pushId) {
        return controlFrame(Http3Frames.GOAWAY, Http3Frames.varInts(pushId));
    }

    /**
     * Sends a frame on the control stream.
     *
     * @param type any number
     * @param payload what it holds
     * @return this
     */
    public T controlFrame(long type, byte... payload) {
        return controlRaw(Http3Frames.frame(type, payload));
    }

    /**
     * Sends bytes on the control stream, which is opened first when it is not.
     *
     * @param bytes what to send
     * @return this
     */
    public T controlRaw(byte... bytes) {
        write(controlStream(), bytes);
        return self();
    }

    /**
     * The client's control stream, which is opened when it is not.
     *
     * @return this end of it
     */
    public MemoryMultiplexedStream controlStream() {
        if (control == null) {
            control = openUnidirectionalStream(Http3Frames.CONTROL_STREAM);
        }
        return control;
    }

    /**
     * Opens a unidirectional stream and sends its type.
     *
     * @param type one of {@link Http3Frames}, or any other number
     * @return this end of it
     */
    public MemoryMultiplexedStream openUnidirectionalStream(long type) {
        try {
            MemoryMultiplexedStream stream = connection.openUnidirectionalStream();
            write(stream, Http3Frames.varInt(type));
            return stream;
        } catch (IOException e) {
            throw new AssertionError("The server has ended the connection", e);
        }
    }

    // What the client sends on streams of requests.

    /**
     * A stream of a request, which is opened when it is not.
     *
     * @param streamId 0, 4, 8 and so on
     * @return this end of it
     */
    public MemoryMultiplexedStream stream(long streamId) {
        return reader(streamId).stream();
    }

    final Http3StreamReader reader(long streamId) {
        if ((streamId & 3) != 0) {
            throw new IllegalArgumentException("Requests are on streams 0, 4, 8, not " + streamId);
        }
        try {
            for (; nextRequest <= streamId; nextRequest += 4) {
                MemoryMultiplexedStream stream = connection.openBidirectionalStream();
                requests.put(stream.streamId(), new Http3StreamReader(stream));
            }
        } catch (IOException e) {
            throw new AssertionError("The server has ended the connection", e);
        }
        Http3StreamReader reader = requests.get(streamId);
        if (reader == null) {
            throw new AssertionError("There is no stream " + streamId);
        }
        return reader;
    }

    /**
     * Sends a GET that has no body.
     *
     * @param streamId its stream
     * @param path its path
     * @param more further fields: names, each followed by its value
     * @return this
     */
    public T get(long streamId, String path, String... more) {
        return headers(streamId, true, Http3Frames.request("GET", path, more));
    }

    /**
     * Sends the head of a POST whose body follows as DATA.
     *
     * @param streamId its stream
     * @param path its path
     * @param more further fields: names, each followed by its value
     * @return this
     */
    public T post(long streamId, String path, String... more) {
        return headers(streamId, false, Http3Frames.request("POST", path, more));
    }

    /**
     * Sends fields as HEADERS.
     *
     * @param streamId the stream
     * @param end whether the end of the stream (FIN) follows
     * @param nameValuePairs names, each followed by its value
     * @return this
     */
    public T headers(long streamId, boolean end, String... nameValuePairs) {
        frame(streamId, Http3Frames.HEADERS, Http3Frames.section(nameValuePairs));
        return end ? finish(streamId) : self();
    }

    /**
     * Sends trailers: fields behind a body, and the end of the stream.
     *
     * @param streamId the stream
     * @param nameValuePairs names, each followed by its value
     * @return this
     */
    public T trailers(long streamId, String... nameValuePairs) {
        return headers(streamId, true, nameValuePairs);
    }

    /**
     * Sends DATA with text in UTF-8.
     *
     * @param streamId the stream
     * @param end whether the end of the stream (FIN) follows
     * @param text what to send
     * @return this
     */
    public T data(long streamId, boolean end, String text) {
        return data(streamId, end, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends DATA.
     *
     * @param streamId the stream
     * @param end whether the end of the stream (FIN) follows
     * @param bytes what to send
     * @return this
     */
    public T data(long streamId, boolean end, byte... bytes) {
        frame(streamId, Http3Frames.DATA, bytes);
        return end ? finish(streamId) : self();
    }

    /**
     * Sends a frame of any kind.
     *
     * @param streamId the stream
     * @param type any number
     * @param payload what it holds
     * @return this
     */
    public T frame(long streamId, long type, byte... payload) {
        return sendRaw(streamId, Http3Frames.frame(type, payload));
    }

    /**
     * Sends bytes as they are. When the server has ended the connection they are lost.
     *
     * @param streamId the stream
     * @param bytes what to send
     * @return this
     */
    public T sendRaw(long streamId, byte... bytes) {
        write(stream(streamId), bytes);
        return self();
    }

    /**
     * Ends the client's direction of a stream (FIN).
     *
     * @param streamId the stream
     * @return this
     */
    public T finish(long streamId) {
        stream(streamId).finish();
        return self();
    }

    /**
     * Resets the client's direction of a stream (RESET_STREAM).
     *
     * @param streamId the stream
     * @param code one of {@link Http3Error}
     * @return this
     */
    public T reset(long streamId, long code) {
        stream(streamId).reset(code);
        return self();
    }

    /**
     * Wants nothing more of a response (STOP_SENDING).
     *
     * @param streamId the stream
     * @param code one of {@link Http3Error}
     * @return this
     */
    public T stopSending(long streamId, long code) {
        stream(streamId).stopSending(code);
        return self();
    }

    static void write(MemoryMultiplexedStream stream, byte... bytes) {
        try {
            stream.write(bytes);
        } catch (ConnectionResetException e) {
            // As with QUIC, the writer often does not notice.
            return;
        } catch (IOException e) {
            throw new AssertionError("Sending on " + stream + " failed", e);
        }
    }
}
