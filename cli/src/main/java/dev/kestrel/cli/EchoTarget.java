package dev.kestrel.cli;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.HttpRequest;
import dev.kestrel.http.HttpResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The application behind {@code kestrel echo}: small answers of every kind that a client or a load
 * tool may want to see.
 *
 * <ul>
 *   <li>{@code GET} and {@code HEAD} of any path: {@code Hello} and the protocol
 *   <li>{@code POST} to any other path: the body, as it comes, under its own content type
 *   <li>{@code OPTIONS} of a path and of {@code *}: 200 with {@code Allow}; other methods: 405
 *   <li>{@code /plaintext}, {@code /json}: fixed texts; {@code /bytes/{n}}: that many bytes
 *   <li>{@code /upload}: how many bytes came
 *   <li>{@code /echo}: the request's header fields, one a line; {@code /cookie}: its cookies
 *   <li>{@code /sleep/{ms}}: answers after that time
 *   <li>{@code /trailers}: a response with a trailer; {@code POST} lists the request's trailers
 *   <li>{@code /early-hints}: 103 and then 200
 *   <li>{@code /headers/{count}/{size}}: that many response fields of that size
 * </ul>
 *
 * <p>Safe for all requests at once.
 */
public final class EchoTarget implements HttpHandler {

    private static final String ALLOW = "GET, HEAD, POST, OPTIONS";
    private static final int CHUNK = 64 * 1024;
    private static final byte[] PLAINTEXT = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JSON =
            "{\"message\":\"Hello, World!\"}".getBytes(StandardCharsets.US_ASCII);

    /** What {@code /bytes} repeats. */
    private static final byte[] PATTERN = pattern();

    private static final long MAX_SLEEP_MILLIS = 10 * 60 * 1000;
    private static final long MAX_HEADER_COUNT = 10_000;
    private static final long MAX_HEADERS_SIZE = 16 * 1024 * 1024;

    /** Makes a target. */
    public EchoTarget() {}

    @Override
    public void handle(HttpContext context) throws IOException, InterruptedException {
        HttpRequest request = context.request();
        HttpResponse response = context.response();
        switch (request.method()) {
            case "GET", "HEAD" -> get(context);
            case "POST" -> post(request, response);
            case "OPTIONS" -> response.header("Allow", ALLOW).contentLength(0);
            default ->
                    response.status(405)
                            .header("Allow", ALLOW)
                            .send(request.method() + " is not allowed here\n");
        }
    }

    private void get(HttpContext context) throws IOException, InterruptedException {
        HttpRequest request = context.request();
        HttpResponse response = context.response();
        String path = request.path();
        switch (path) {
            case "/plaintext" -> response.contentType("text/plain").send(PLAINTEXT);
            case "/json" -> response.contentType("application/json").send(JSON);
            case "/upload" -> response.send("0");
            case "/echo" -> response.send(lines(request.headers()));
            case "/cookie" -> response.send(cookies(request));
            case "/trailers" -> trailers(response);
            case "/early-hints" -> earlyHints(response);
            default -> {
                if (!parameterised(request, response, path.split("/", -1))) {
                    response.send("Hello " + request.protocol());
                }
            }
        }
    }

    private boolean parameterised(HttpRequest request, HttpResponse response, String[] parts)
            throws IOException, InterruptedException {
        if (parts.length == 3 && parts[1].equals("bytes")) {
            bytes(request, response, number(parts[2], Long.MAX_VALUE));
            return true;
        }
        if (parts.length == 3 && parts[1].equals("sleep")) {
            long millis = number(parts[2], MAX_SLEEP_MILLIS);
            if (millis >= 0) {
                Thread.sleep(millis);
                response.send("slept " + millis + " ms");
            } else {
                outOfRange(response, "0 to " + MAX_SLEEP_MILLIS + " ms");
            }
            return true;
        }
        if (parts.length == 4 && parts[1].equals("headers")) {
            headers(
                    response,
                    number(parts[2], MAX_HEADER_COUNT),
                    number(parts[3], MAX_HEADERS_SIZE));
            return true;
        }
        return false;
    }

    private static void post(HttpRequest request, HttpResponse response) throws IOException {
        switch (request.path()) {
            case "/upload" -> response.send(Long.toString(count(request.inputStream())));
            case "/echo" -> {
                count(request.inputStream());
                response.send(lines(request.headers()));
            }
            case "/cookie" -> {
                count(request.inputStream());
                response.send(cookies(request));
            }
            case "/trailers" -> {
                count(request.inputStream());
                response.send(lines(request.trailers()));
            }
            default -> echo(request, response);
        }
    }

    /** Sends on what has come before it waits for more, so that a slow sender sees its bytes. */
    private static void echo(HttpRequest request, HttpResponse response) throws IOException {
        String type = request.contentType();
        if (type != null) {
            response.contentType(type);
        }
        if (request.contentLength() >= 0) {
            response.contentLength(request.contentLength());
        }
        InputStream in = request.inputStream();
        OutputStream out = response.outputStream();
        byte[] chunk = new byte[CHUNK];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            out.write(chunk, 0, count);
            out.flush();
        }
    }

    private static long count(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long total = 0;
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            total += count;
        }
        return total;
    }

    private static void bytes(HttpRequest request, HttpResponse response, long length)
            throws IOException {
        if (length < 0) {
            outOfRange(response, "a number of bytes, 0 and up");
            return;
        }
        response.contentType("application/octet-stream").contentLength(length);
        if (request.method().equals("HEAD")) {
            return;
        }
        OutputStream out = response.outputStream();
        for (long left = length; left > 0; left -= PATTERN.length) {
            out.write(PATTERN, 0, (int) Math.min(left, PATTERN.length));
        }
    }

    private static void headers(HttpResponse response, long count, long size) throws IOException {
        if (count < 0 || size < 0 || count * size > MAX_HEADERS_SIZE) {
            outOfRange(
                    response,
                    "up to "
                            + MAX_HEADER_COUNT
                            + " fields, together up to "
                            + MAX_HEADERS_SIZE
                            + " bytes");
            return;
        }
        String value = "x".repeat((int) size);
        for (int i = 1; i <= count; i++) {
            response.headers().add("X-Header-" + i, value);
        }
        response.send(count + " fields of " + size + " bytes");
    }

    private static void trailers(HttpResponse response) throws IOException {
        response.contentType("text/plain");
        if (!response.supportsTrailers()) {
            response.send("Say TE: trailers to get some");
            return;
        }
        response.declareTrailer("X-Trailer");
        response.outputStream().write("Trailers follow".getBytes(StandardCharsets.US_ASCII));
        response.trailers().set("X-Trailer", "value");
    }

    private static void earlyHints(HttpResponse response) throws IOException {
        HttpHeaders hints = new HttpHeaders();
        hints.add("Link", "</style.css>; rel=preload; as=style");
        response.sendInformational(103, hints);
        response.send("There were hints");
    }

    private static void outOfRange(HttpResponse response, String allowed) throws IOException {
        response.status(400).send("Allowed: " + allowed + "\n");
    }

    private static String lines(HttpHeaders fields) {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    private static String cookies(HttpRequest request) {
        StringBuilder text = new StringBuilder();
        for (String name : request.cookies().names()) {
            text.append(name).append('=').append(request.cookies().get(name)).append('\n');
        }
        return text.toString();
    }

    /** Digits alone, up to a bound; -1 for anything else. */
    private static long number(String digits, long max) {
        if (digits.isEmpty() || digits.length() > 18) {
            return -1;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return -1;
            }
        }
        long value = Long.parseLong(digits);
        return value <= max ? value : -1;
    }

    private static byte[] pattern() {
        byte[] bytes = new byte[CHUNK];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        return bytes;
    }
}
