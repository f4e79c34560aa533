package dev.kestrel.internal.http1;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.protocol.AlternativeServiceFeature;
import dev.kestrel.internal.protocol.DateHeaderValueManager;
import dev.kestrel.internal.protocol.ProtocolResponse;
import dev.kestrel.internal.protocol.ReasonPhrases;
import dev.kestrel.options.HeaderEncodingSelector;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Writes status lines and fields. What is the same for every response is bytes, not text. */
final class Http1HeadWriter {

    private static final byte[][] STATUS_LINES = new byte[600][];
    private static final byte[] SERVER = bytes("Server: Kestrel\r\n");
    private static final byte[] CHUNKED = bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = bytes("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = bytes("Connection: keep-alive\r\n");
    private static final byte[] NO_CONTENT = bytes("Content-Length: 0\r\n");

    static {
        for (int status = 100; status < STATUS_LINES.length; status++) {
            STATUS_LINES[status] =
                    bytes("HTTP/1.1 " + status + " " + ReasonPhrases.of(status) + "\r\n");
        }
    }

    private final PipeWriter writer;
    private final Http1ResponseRules rules;
    private final DateHeaderValueManager date;
    private final boolean addServer;
    private final HeaderEncodingSelector encodings;
    private final byte @Nullable [] alternativeService;

    Http1HeadWriter(
            PipeWriter writer,
            Http1ResponseRules rules,
            DateHeaderValueManager date,
            boolean addServer,
            HeaderEncodingSelector encodings,
            @Nullable AlternativeServiceFeature alternativeService) {
        this.writer = writer;
        this.rules = rules;
        this.date = date;
        this.addServer = addServer;
        this.encodings = encodings;
        this.alternativeService =
                alternativeService == null
                        ? null
                        : bytes("Alt-Svc: " + alternativeService.field() + "\r\n");
    }

    /**
     * Writes the head of a response.
     *
     * @return whether its body is to be chunked
     */
    boolean write(ProtocolResponse response) {
        Http1ResponseRules.Framing framing = rules.decide(response);
        boolean chunked = framing == Http1ResponseRules.Framing.CHUNKED;
        HttpHeaders headers = response.headers();
        if (chunked && response.usesTrailers() && !headers.contains(KnownHeader.TRAILER)) {
            response.trailers().names().forEach(name -> headers.add(KnownHeader.TRAILER, name));
        }
        writeStatus(response.status(), response.reasonPhrase());
        writeFields(headers);
        if (chunked) {
            writer.write(CHUNKED);
        } else if (response.status() == 205 && !headers.contains(KnownHeader.CONTENT_LENGTH)) {
            // RFC 9110 section 15.3.6: clients take a 205 for a response with a body.
            writer.write(NO_CONTENT);
        }
        if (!headers.contains(KnownHeader.DATE)) {
            writer.write(date.value().line());
        }
        if (addServer && !headers.contains(KnownHeader.SERVER)) {
            writer.write(SERVER);
        }
        if (alternativeService != null && !headers.contains(KnownHeader.ALT_SVC)) {
            writer.write(alternativeService);
        }
        if (!headers.contains(KnownHeader.CONNECTION)) {
            if (!rules.keepAlive()) {
                writer.write(CLOSE);
            } else if (rules.isHttp10()) {
                writer.write(KEEP_ALIVE);
            }
        }
        endLine();
        return chunked;
    }

    /** Writes the head of an upgrade, or of a tunnel. */
    void writeSwitch(int status, HttpHeaders fields) {
        writeStatus(status, null);
        if (status == 101 && !fields.contains(KnownHeader.CONNECTION)) {
            writer.writeLatin1("Connection: Upgrade\r\n");
        }
        writeFields(fields);
        if (!fields.contains(KnownHeader.DATE)) {
            writer.write(date.value().line());
        }
        if (addServer && !fields.contains(KnownHeader.SERVER)) {
            writer.write(SERVER);
        }
        endLine();
    }

    /** Writes an interim response. */
    void writeInformational(int status, @Nullable HttpHeaders fields) {
        writeStatus(status, null);
        if (fields != null) {
            writeFields(fields);
        }
        endLine();
    }

    /**
     * Writes the answer to a request that never got to the application. The connection ends after
     * it.
     */
    void writeRefusal(int status, String allow) {
        writeStatus(status, null);
        writer.write(NO_CONTENT);
        writer.write(CLOSE);
        writer.write(date.value().line());
        if (addServer) {
            writer.write(SERVER);
        }
        if (!allow.isEmpty()) {
            writer.writeLatin1("Allow: " + allow + "\r\n");
        }
        endLine();
    }

    /** Writes fields, as they are. */
    void writeFields(HttpHeaders fields) {
        int size = fields.size();
        for (int i = 0; i < size; i++) {
            String name = fields.nameAt(i);
            writer.writeLatin1(name);
            writer.write(':');
            writer.write(' ');
            if (fields.knownAt(i) == KnownHeader.CONTENT_LENGTH) {
                writeNumber(fields.contentLength());
            } else {
                writeValue(name, fields.valueAt(i));
            }
            endLine();
        }
    }

    private void writeNumber(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        byte[] array = writer.reserve(digits);
        long rest = number;
        for (int at = writer.position() + digits - 1; at >= writer.position(); at--) {
            array[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        writer.advance(digits);
    }

    private void writeValue(String name, String value) {
        Charset charset =
                encodings == HeaderEncodingSelector.DEFAULT ? null : encodings.select(name);
        if (charset == null) {
            writer.writeLatin1(value);
        } else {
            writer.write(value.getBytes(charset));
        }
    }

    private void writeStatus(int status, @Nullable String phrase) {
        if (phrase == null && status < STATUS_LINES.length) {
            writer.write(STATUS_LINES[status]);
        } else {
            writer.writeLatin1(
                    "HTTP/1.1 " + status + " " + (phrase == null ? "" : phrase) + "\r\n");
        }
    }

    private void endLine() {
        writer.write('\r');
        writer.write('\n');
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
