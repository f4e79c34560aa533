package dev.kestrel.internal.qpack;

import static dev.kestrel.internal.qpack.QPackTestSupport.LIMITS;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.internal.hpack.FieldOctets;
import dev.kestrel.internal.hpack.HPackIndexingPolicy;
import dev.kestrel.internal.hpack.HPackSink;
import dev.kestrel.internal.hpack.HPackWriteResult;
import dev.kestrel.internal.qpack.QPackTestSupport.Field;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * An encoder and the decoder of its peer, with three kinds of streams between them that deliver in
 * any order: the encoder stream and the decoder stream in pieces of any size, and sections.
 */
final class QPackConversation {

    private record Sent(byte[] octets, List<Field> fields) {}

    private final Random random;
    final QPackEncoder encoder;
    final QPackDecoder decoder;
    private final QPackHeaderWriter writer;
    private byte[] inserts = new byte[0];
    private byte[] replies = new byte[0];
    private final Map<Long, Deque<Sent>> arriving = new HashMap<>();
    private final Map<Long, QPackFieldSection> blocked = new HashMap<>();
    private long nextStream;
    int decoded;
    int blockedOnce;

    QPackConversation(Random random, int cap, int capacity, int blockedStreams) {
        this.random = random;
        encoder = new QPackEncoder(cap, HPackIndexingPolicy.DEFAULT);
        encoder.setPeerSettings(capacity, blockedStreams);
        decoder = new QPackDecoder(capacity, blockedStreams);
        writer = new QPackHeaderWriter(encoder, FieldOctets.LATIN_1);
    }

    /** Sends a section; an array that is too short is tried before. */
    void send(HttpHeaders headers) {
        boolean trailers = nextStream > 0 && random.nextInt(5) == 0;
        long stream = trailers ? nextStream - 4 : nextStream;
        List<Field> fields = new ArrayList<>();
        int length;
        if (trailers) {
            length = writer.beginTrailers(stream, headers);
        } else {
            nextStream += 4;
            int status = 200 + random.nextInt(6);
            fields.add(new Field(":status", Integer.toString(status)));
            length = writer.beginResponse(stream, status, headers);
        }
        headers.forEach(
                (name, value) -> fields.add(new Field(name.toLowerCase(Locale.ROOT), value)));
        byte[] octets = new byte[length];
        int at = 0;
        HPackWriteResult result;
        do {
            int room = random.nextInt(100);
            result = writer.write(octets, at, Math.min(length, at + room));
            at = writer.end();
            if (result == HPackWriteResult.BUFFER_TOO_SMALL) {
                result = writer.write(octets, at, length);
                at = writer.end();
            }
        } while (result != HPackWriteResult.DONE);
        assertThat(at).as("the length that was announced").isEqualTo(length);
        arriving.computeIfAbsent(stream, any -> new ArrayDeque<>()).add(new Sent(octets, fields));
    }

    /** Lets something arrive. */
    void deliver() throws QPackException {
        switch (random.nextInt(5)) {
            case 0 -> deliverInserts(random.nextInt(200));
            case 1 -> deliverReplies(random.nextInt(20));
            case 2 -> deliverReplies(1);
            case 3 -> cancelSome();
            default -> deliverSection();
        }
    }

    /** Lets everything arrive. */
    void deliverAll() throws QPackException {
        deliverInserts(Integer.MAX_VALUE);
        while (!arriving.isEmpty()) {
            deliverSection();
        }
        deliverReplies(Integer.MAX_VALUE);
    }

    private void deliverInserts(int most) throws QPackException {
        inserts = with(inserts, QPackTestSupport.inserts(encoder));
        int octets = Math.min(most, inserts.length);
        decoder.onEncoderStream(inserts, 0, octets);
        inserts = Arrays.copyOfRange(inserts, octets, inserts.length);
        long before = 0;
        QPackFieldSection ready = decoder.pollUnblocked();
        while (ready != null) {
            assertThat(ready.requiredInsertCount())
                    .as("in the order of the inserts")
                    .isGreaterThanOrEqualTo(before);
            before = ready.requiredInsertCount();
            blocked.remove(ready.streamId());
            decodeFirst(ready);
            ready = decoder.pollUnblocked();
        }
    }

    private void deliverReplies(int most) throws QPackException {
        byte[] array = new byte[65536];
        int to = decoder.writeInstructions(array, 0, Math.min(array.length, most));
        replies = with(replies, Arrays.copyOf(array, to));
        int octets = Math.min(most, replies.length);
        encoder.onDecoderStream(replies, 0, octets);
        replies = Arrays.copyOfRange(replies, octets, replies.length);
    }

    private void deliverSection() throws QPackException {
        long[] streams = arriving.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        if (streams.length == 0) {
            return;
        }
        long stream = streams[random.nextInt(streams.length)];
        if (blocked.containsKey(stream)) {
            return;
        }
        QPackFieldSection section = new QPackFieldSection(decoder, LIMITS);
        section.begin(stream);
        byte[] octets = arriving.get(stream).getFirst().octets();
        for (int at = 0; !section.isPrefixComplete(); ) {
            int to = Math.min(octets.length, at + 1);
            at = section.readPrefix(octets, at, to, to == octets.length);
        }
        if (section.isBlocked()) {
            blockedOnce++;
            blocked.put(stream, section);
        } else {
            decodeFirst(section);
        }
    }

    private void decodeFirst(QPackFieldSection section) throws QPackException {
        long stream = section.streamId();
        Deque<Sent> sent = arriving.get(stream);
        Sent first = sent.removeFirst();
        if (sent.isEmpty()) {
            arriving.remove(stream);
        }
        List<Field> fields = new ArrayList<>();
        HPackSink sink = (name, value) -> fields.add(new Field(name.text(), value));
        byte[] octets = first.octets();
        int at = prefixLength(octets);
        while (at < octets.length) {
            int to = Math.min(octets.length, at + 1 + random.nextInt(60));
            byte[] piece = Arrays.copyOfRange(octets, at, to);
            section.decode(piece, 0, piece.length, to == octets.length, sink);
            at = to;
        }
        if (fields.isEmpty()) {
            section.decode(octets, at, at, true, sink);
        }
        assertThat(fields).isEqualTo(first.fields());
        decoded++;
    }

    private static int prefixLength(byte[] octets) {
        QPackInteger integer = new QPackInteger();
        return integer.read(octets, integer.read(octets, 0, octets.length, 8), octets.length, 7);
    }

    private void cancelSome() throws QPackException {
        if (random.nextInt(20) > 0 || arriving.isEmpty()) {
            return;
        }
        long stream = arriving.keySet().iterator().next();
        // What is sent afterwards would not be cancelled, so no trailers follow.
        if (stream == nextStream - 4) {
            return;
        }
        arriving.remove(stream);
        blocked.remove(stream);
        decoder.cancelStream(stream);
    }

    private static byte[] with(byte[] before, byte[] after) {
        byte[] both = Arrays.copyOf(before, before.length + after.length);
        System.arraycopy(after, 0, both, before.length, after.length);
        return both;
    }
}
