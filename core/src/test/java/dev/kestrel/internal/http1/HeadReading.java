package dev.kestrel.internal.http1;

import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestHeaders;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.ByteSequence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Feeds heads to a {@link Http1HeadReader}, one after another as on a connection, and tells in
 * words what came out.
 */
final class HeadReading {

    private final RequestHeaders headers = new RequestHeaders();
    private final Http1HeadReader reader;

    HeadReading(KestrelServerOptions options) {
        reader = new Http1HeadReader(headers, new RequestHeaders(), options);
    }

    /** All bytes at once. */
    String whole(String text) {
        return inPieces(text, text.length(), text.length());
    }

    /**
     * First some bytes, then as many more with each further read, with what was not consumed
     * before.
     */
    String inPieces(String text, int first, int further) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        begin();
        int from = 0;
        int to = Math.min(first, bytes.length);
        try {
            while (true) {
                boolean done =
                        reader.parse(
                                ByteSequence.of(java.util.Arrays.copyOfRange(bytes, from, to)));
                from += reader.consumed();
                if (done) {
                    return describe(bytes.length - from);
                }
                if (to == bytes.length) {
                    return "incomplete\n";
                }
                to = Math.min(to + further, bytes.length);
            }
        } catch (RejectedRequestException e) {
            return "rejected " + e.reason() + "\n";
        } catch (IOException e) {
            return e.getClass().getSimpleName() + "\n";
        }
    }

    /** All bytes at once, with what goes wrong. */
    boolean parse(String text) throws IOException {
        begin();
        return reader.parse(ByteSequence.of(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void begin() {
        headers.recycle();
        reader.begin();
    }

    private String describe(int left) {
        Http1LineParser line = reader.requestLine();
        Http1TargetParser target = line.target();
        return line.method()
                + " "
                + target.raw
                + " ["
                + target.path
                + "] ["
                + target.query
                + "] http10="
                + line.isHttp10()
                + "\n"
                + headers
                + "left "
                + left
                + "\n";
    }
}
