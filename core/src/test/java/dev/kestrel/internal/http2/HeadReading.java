package dev.kestrel.internal.http2;

import dev.kestrel.http.BadHttpRequestException;
import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.protocol.ProtocolRequest;
import dev.kestrel.internal.protocol.ProtocolRequests;
import dev.kestrel.options.KestrelServerOptions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Gives blocks to a head, one after another, and says as a text what became of them. */
final class HeadReading {

    final ProtocolRequest request = ProtocolRequests.create();
    final Http2RequestHead head;

    HeadReading(KestrelServerOptions options) {
        head = new Http2RequestHead(options, "http");
    }

    HeadReading() {
        this(KestrelServerOptions.builder().build());
    }

    /** The fields that an ordinary request has, and these. */
    static String[] with(String... lines) {
        List<String> all = new ArrayList<>(List.of(":method: GET", ":scheme: http", ":path: /"));
        all.addAll(List.of(lines));
        return all.toArray(String[]::new);
    }

    /** Reads a head that a body may follow. */
    String read(String... lines) {
        return read(false, lines);
    }

    /** Reads a head; each line is {@code name: value}. */
    String read(boolean endStream, String... lines) {
        ProtocolRequests.recycle(request);
        head.beginRequest(request.mutableHeaders());
        give(lines);
        try {
            head.apply(5, request, endStream);
        } catch (Http2StreamException e) {
            return e.code() + " " + e.streamId();
        } catch (BadHttpRequestException e) {
            return e.status() + "";
        }
        return request.method()
                + ' '
                + request.scheme()
                + ' '
                + request.rawTarget()
                + " ["
                + request.path()
                + "] ["
                + request.queryString()
                + "] "
                + request.host();
    }

    /** Reads trailers. */
    String readTrailers(String... lines) {
        ProtocolRequests.recycle(request);
        head.beginTrailers(request.mutableTrailers());
        give(lines);
        try {
            head.applyTrailers(5);
        } catch (Http2StreamException e) {
            return e.code() + " " + e.streamId();
        }
        return request.mutableTrailers().toString();
    }

    /** Gives fields to the head as UTF-8, one character an octet. */
    void give(String... lines) {
        for (String line : lines) {
            int colon = line.indexOf(": ", 1);
            head.onField(
                    HPackName.of(octets(line.substring(0, colon))),
                    octets(line.substring(colon + 2)));
        }
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
