package dev.kestrel.app;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpMiddleware;
import dev.kestrel.http.HttpRequest;

import java.util.Objects;
import java.util.function.IntSupplier;

/**
 * Sends requests that came in over {@code http} to the same place over {@code https} (the
 * original's {@code HttpsRedirectionMiddleware}). All methods are redirected; 307 and 308 make
 * clients repeat them as they were (RFC 9110 section 15.4.8). Add it before what must only be seen
 * over HTTPS.
 *
 * <p>Clients are sent to the host that they asked for, and to no other: a request whose {@code
 * Host} is missing, or holds what is no host name or address, is answered 400. Where a cache stands
 * before the server, it has to tell hosts apart.
 *
 * <p>Immutable.
 */
public final class HttpsRedirection implements HttpMiddleware {

    private static final int DEFAULT_PORT = 443;

    private final IntSupplier port;
    private final int status;

    private HttpsRedirection(IntSupplier port, int status) {
        this.port = port;
        this.status = status;
    }

    /**
     * To port 443, with 307 Temporary Redirect.
     *
     * @return the middleware
     */
    public static HttpsRedirection create() {
        return toPort(DEFAULT_PORT);
    }

    /**
     * To a port, with 307 Temporary Redirect.
     *
     * @param port from 1 to 65535; the one at which clients reach the server, which behind a
     *     forwarder may not be the one it listens on
     * @return the middleware
     * @throws IllegalArgumentException when it is out of range
     */
    public static HttpsRedirection toPort(int port) {
        check(port);
        return toPort(() -> port);
    }

    /**
     * To a port that is known when the server runs, with 307 Temporary Redirect.
     *
     * @param port gives the port; asked for each request
     * @return the middleware
     */
    public static HttpsRedirection toPort(IntSupplier port) {
        return new HttpsRedirection(Objects.requireNonNull(port, "port"), 307);
    }

    /**
     * The same with 308 Permanent Redirect, which browsers and caches remember.
     *
     * @return a copy
     */
    public HttpsRedirection permanent() {
        return new HttpsRedirection(port, 308);
    }

    @Override
    public void invoke(HttpContext context, HttpHandler next) throws Exception {
        HttpRequest request = context.request();
        if (request.scheme().equals("https")) {
            next.handle(context);
            return;
        }
        String host = Authority.host(request.host());
        String target = target(request);
        if (!Authority.isHost(host) || target.isEmpty()) {
            context.response().status(400).contentLength(0);
            return;
        }
        int to = port.getAsInt();
        check(to);
        context.response()
                .status(status)
                .header(
                        "Location",
                        "https://" + host + (to == DEFAULT_PORT ? "" : ":" + to) + target)
                .contentLength(0);
    }

    /** The path and query as they were sent; empty for {@code *} and {@code CONNECT}. */
    private static String target(HttpRequest request) {
        String sent = request.rawTarget();
        if (sent.startsWith("/")) {
            return sent;
        }
        int scheme = sent.indexOf("://");
        if (scheme < 0) {
            return "";
        }
        for (int i = scheme + 3; i < sent.length(); i++) {
            if (sent.charAt(i) == '/') {
                return sent.substring(i);
            }
            if (sent.charAt(i) == '?') {
                return "/" + sent.substring(i);
            }
        }
        return "/";
    }

    private static void check(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "The port of https must be from 1 to 65535, not " + port);
        }
    }
}
