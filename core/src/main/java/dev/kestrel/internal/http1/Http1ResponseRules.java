package dev.kestrel.internal.http1;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.protocol.MessageBody;
import dev.kestrel.internal.protocol.ProtocolResponse;
import dev.kestrel.internal.protocol.ResponseFraming;

/**
 * How a response ends, and whether the connection goes on after it (RFC 9112 sections 6, 7 and 9).
 */
final class Http1ResponseRules {

    /** How a client finds the end of a response. */
    enum Framing {
        /** There is no body. */
        NONE,
        /** By Content-Length. */
        LENGTH,
        /** By the last chunk. */
        CHUNKED,
        /** By the end of the connection. */
        CLOSE,
        /** By transfer codings that the application applies itself. */
        APPLICATION
    }

    private Http1RequestHead head = new Http1RequestHead();
    private boolean keepAlive;
    private volatile boolean stopping;

    /** No further request is wanted: a response that has not started says so. From any thread. */
    void stop() {
        stopping = true;
    }

    /** A request begins. */
    void begin(Http1RequestHead request, boolean mayKeepAlive) {
        head = request;
        keepAlive = request.keepAlive && mayKeepAlive;
    }

    /** The connection ends after this response. */
    void close() {
        keepAlive = false;
    }

    /** Whether the connection goes on after this response. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** Whether the request is of HTTP/1.0. */
    boolean isHttp10() {
        return head.http10;
    }

    /** Whether trailers reach the client, when the body is chunked. */
    boolean acceptsTrailers() {
        return head.acceptsTrailers;
    }

    /** Decides about a response whose fields are final. */
    Framing decide(ProtocolResponse response) {
        HttpHeaders headers = response.headers();
        String method = response.request().method();
        if (stopping || (headers.contains(KnownHeader.CONNECTION) && saysClose(headers))) {
            keepAlive = false;
        }
        MessageBody body = response.request().body();
        // A client that was not told to go on may send its body or not: what follows could be read
        // either way. And after a
        // body that could not be read, nobody knows where the next request begins.
        if ((head.expectsContinue && !body.hasStarted()) || body.failure() != null) {
            keepAlive = false;
        }
        // RFC 9931: a client may have sent more after a CONNECT that is refused.
        if (method.equals("CONNECT") && response.status() >= 300) {
            keepAlive = false;
        }
        return framing(response, headers, method);
    }

    private Framing framing(ProtocolResponse response, HttpHeaders headers, String method) {
        boolean hasBody = ResponseFraming.hasBody(response.status(), method);
        if (headers.contains(KnownHeader.TRANSFER_ENCODING)) {
            String coding = headers.getAll(KnownHeader.TRANSFER_ENCODING.wireName()).getLast();
            boolean endsInChunked =
                    coding.regionMatches(
                            true,
                            Math.max(0, coding.length() - "chunked".length()),
                            "chunked",
                            0,
                            "chunked".length());
            if (hasBody && !endsInChunked) {
                keepAlive = false;
            }
            return hasBody ? Framing.APPLICATION : Framing.NONE;
        }
        if (headers.contains(KnownHeader.CONTENT_LENGTH)) {
            return hasBody ? Framing.LENGTH : Framing.NONE;
        }
        if (!hasBody) {
            return Framing.NONE;
        }
        if (head.http10) {
            keepAlive = false;
            return Framing.CLOSE;
        }
        return Framing.CHUNKED;
    }

    private static boolean saysClose(HttpHeaders headers) {
        return headers.getAll(KnownHeader.CONNECTION.wireName()).stream()
                .flatMap(value -> java.util.Arrays.stream(value.split(",")))
                .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
    }
}
