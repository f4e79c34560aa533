package dev.kestrel.internal.tls;

import dev.kestrel.options.HttpsOptions;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Answers a client that speaks HTTP in clear text where TLS is spoken, so that a person can see
 * what is wrong, or is sent to the right address.
 */
final class PlainHttpAnswer {

    private static final int LONGEST_HEAD = 8 * 1024;

    private final HttpsOptions.PlainHttp kind;

    PlainHttpAnswer(HttpsOptions.PlainHttp kind) {
        this.kind = kind;
    }

    /** Whether it may be HTTP: a method begins with a letter (RFC 9110 section 9.1). */
    static boolean looksLikeHttp(ByteSequence bytes) {
        byte first = bytes.isEmpty() ? 0 : bytes.get(0);
        return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
    }

    /**
     * Reads a head and answers it.
     *
     * @param localPort the port that the client has reached, for addresses that name none
     */
    void answer(PipeReader input, PipeWriter output, int localPort) throws IOException {
        String location =
                kind == HttpsOptions.PlainHttp.REDIRECT
                        ? location(readHead(input), localPort)
                        : null;
        String answer;
        if (location == null) {
            String text = "This port speaks HTTPS: use https:// instead of http://\n";
            answer =
                    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
                            + "Content-Length: "
                            + text.length()
                            + "\r\nConnection: close\r\n\r\n"
                            + text;
        } else {
            answer =
                    "HTTP/1.1 308 Permanent Redirect\r\nLocation: "
                            + location
                            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        }
        byte[] bytes = answer.getBytes(StandardCharsets.US_ASCII);
        output.write(bytes, 0, bytes.length);
        output.flush();
    }

    private static String readHead(PipeReader input) throws IOException {
        while (true) {
            ReadResult result = input.read();
            ByteSequence bytes = result.buffer();
            int count = (int) Math.min(bytes.length(), LONGEST_HEAD);
            String head = bytes.slice(0, count).toString(StandardCharsets.ISO_8859_1);
            boolean whole = head.contains("\r\n\r\n");
            if (whole || count == LONGEST_HEAD || result.isCompleted() || result.isCanceled()) {
                input.advanceTo(0);
                return whole ? head : "";
            }
            input.advanceTo(0, bytes.length());
        }
    }

    /** Where the client is sent; {@code null} when its request is no good one for that. */
    static @Nullable String location(String head, int localPort) {
        String[] lines = head.split("\r\n", -1);
        String[] parts = lines[0].split(" ", -1);
        if (parts.length != 3 || !parts[2].startsWith("HTTP/1.") || !isTarget(parts[1])) {
            return null;
        }
        String host = null;
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            if (lines[i].toLowerCase(Locale.ROOT).startsWith("host:")) {
                if (host != null) {
                    return null;
                }
                host = lines[i].substring("host:".length()).strip();
            }
        }
        // Nothing that could end the field or the authority.
        if (host == null
                || !host.matches(
                        "[A-Za-z0-9._-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?")) {
            return null;
        }
        boolean named = host.matches(".*:[0-9]+") && !host.endsWith("]");
        String port = named || localPort <= 0 || localPort == 443 ? "" : ":" + localPort;
        return "https://" + host + port + parts[1];
    }

    private static boolean isTarget(String target) {
        return target.startsWith("/")
                && target.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
    }
}
