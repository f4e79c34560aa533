package dev.kestrel.http3;

import dev.kestrel.testkit.Http3Conversation;
import dev.kestrel.testkit.MemoryMultiplexedStream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What a client sends on the streams of a connection, as a line of text: {@code u} and octets for a
 * stream of its own, {@code b} for one of a request; a {@code .} behind them is its end, a {@code
 * !} a reset.
 */
record Http3Streams(List<Stream> streams) {

    /** How the client ends a stream. */
    enum End {
        NONE(""),
        FIN("."),
        RESET("!");

        private final String sign;

        End(String sign) {
            this.sign = sign;
        }
    }

    /** A stream and all that is sent on it. */
    record Stream(boolean request, byte[] octets, End end) {

        static Stream parse(String word) {
            End end = word.endsWith(".") ? End.FIN : word.endsWith("!") ? End.RESET : End.NONE;
            String octets = word.substring(1, word.length() - end.sign.length());
            return new Stream(word.charAt(0) == 'b', HexFormat.of().parseHex(octets), end);
        }

        @Override
        public String toString() {
            return (request ? "b" : "u") + HexFormat.of().formatHex(octets) + end.sign;
        }
    }

    static Http3Streams parse(String line) {
        List<Stream> streams = new ArrayList<>();
        for (String word : line.strip().toLowerCase(Locale.ROOT).split(" +")) {
            streams.add(Stream.parse(word));
        }
        return new Http3Streams(streams);
    }

    /** Sends all of it, in pieces of some octets, a piece of each stream in turn. */
    void send(Http3Conversation client, int piece) {
        try {
            List<MemoryMultiplexedStream> open = new ArrayList<>();
            for (Stream stream : streams) {
                open.add(
                        stream.request()
                                ? client.connection().openBidirectionalStream()
                                : client.connection().openUnidirectionalStream());
            }
            int longest =
                    streams.stream().mapToInt(stream -> stream.octets().length).max().orElse(0);
            for (int from = 0; from <= longest; from += piece) {
                for (int i = 0; i < open.size(); i++) {
                    send(streams.get(i), open.get(i), from, piece);
                }
            }
        } catch (IOException e) {
            // The server has ended it: so what is left can not be sent.
        }
    }

    private static void send(Stream what, MemoryMultiplexedStream stream, int from, int piece)
            throws IOException {
        int left = what.octets().length - from;
        if (left > 0) {
            byte[] octets = new byte[Math.min(left, piece)];
            System.arraycopy(what.octets(), from, octets, 0, octets.length);
            stream.write(octets);
        }
        if (left >= 0 && left <= piece && what.end() == End.FIN) {
            stream.finish();
        } else if (left >= 0 && left <= piece && what.end() == End.RESET) {
            stream.reset(0x10c);
        }
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        for (Stream stream : streams) {
            line.append(line.isEmpty() ? "" : " ").append(stream);
        }
        return line.toString();
    }
}
