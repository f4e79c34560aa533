package dev.kestrel.testkit;

import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.qpack.QPackDecoder;
import dev.kestrel.internal.qpack.QPackException;
import dev.kestrel.internal.qpack.QPackFieldSection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The unidirectional streams that a server has opened, and the fields that it has encoded. */
final class Http3ServerStreams {

    private static final int LIMIT = 64 << 20;

    private final MemoryMultiplexedConnection connection;
    private final Map<Long, Http3StreamReader> byType = new HashMap<>();
    private QPackDecoder decoder = new QPackDecoder(0, 0);

    Http3ServerStreams(MemoryMultiplexedConnection connection) {
        this.connection = connection;
    }

    /** The client's settings; before the first field section comes. */
    void settings(int tableCapacity, int blockedStreams) {
        decoder = new QPackDecoder(tableCapacity, blockedStreams);
    }

    /** The server's stream of a type; waits until it is there. */
    Http3StreamReader ofType(long type) throws IOException {
        while (!byType.containsKey(type)) {
            Http3StreamReader reader = new Http3StreamReader(connection.acceptStream());
            long seen = reader.varInt();
            if (byType.put(seen, reader) != null && seen <= Http3Frames.DECODER_STREAM) {
                throw new AssertionError("The server has opened two streams of type " + seen);
            }
        }
        return byType.get(type);
    }

    /** Decodes a field section; waits for what the encoder stream has to bring before. */
    List<Http2Response.Field> decode(long streamId, byte[] payload) throws IOException {
        List<Http2Response.Field> fields = new ArrayList<>();
        QPackFieldSection section =
                new QPackFieldSection(decoder, new HPackLimits(LIMIT, LIMIT, LIMIT));
        section.begin(streamId);
        try {
            int at = section.readPrefix(payload, 0, payload.length, true);
            while (section.isBlocked()) {
                byte[] some = ofType(Http3Frames.ENCODER_STREAM).some();
                if (some.length == 0) {
                    throw new AssertionError("The server has ended its encoder stream");
                }
                decoder.onEncoderStream(some, 0, some.length);
            }
            section.decode(
                    payload,
                    at,
                    payload.length,
                    true,
                    (name, value) -> fields.add(new Http2Response.Field(name.text(), value)));
        } catch (QPackException e) {
            throw new AssertionError(
                    "The server's fields can not be decoded: " + e.getMessage(), e);
        }
        return fields;
    }

    /** What the client's decoder stream has to say now. */
    byte[] instructions() {
        byte[] bytes = new byte[4096];
        int length = decoder.hasInstructions() ? decoder.writeInstructions(bytes, 0, 4096) : 0;
        return Arrays.copyOf(bytes, length);
    }
}
