package dev.kestrel.app;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpMiddleware;
import dev.kestrel.http.HttpRequest;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Writes one line for each request when it is over: {@code 127.0.0.1 GET /index.html HTTP/1.1 200
 * 1234 bytes 3 ms}. The bytes are those that {@code Content-Length} announced; {@code -} when the
 * response had none. Add it before other middleware to see everything.
 */
public final class AccessLog implements HttpMiddleware {

    private final Consumer<String> lines;
    private final LongSupplier nanoTime;

    private AccessLog(Consumer<String> lines, LongSupplier nanoTime) {
        this.lines = Objects.requireNonNull(lines, "lines");
        this.nanoTime = nanoTime;
    }

    /**
     * Logs at INFO to the {@link System.Logger} that has the name of this class.
     *
     * @return the middleware
     */
    public static AccessLog create() {
        System.Logger logger = System.getLogger(AccessLog.class.getName());
        return new AccessLog(line -> logger.log(System.Logger.Level.INFO, line), System::nanoTime);
    }

    /**
     * Gives the lines to something else.
     *
     * @param lines takes a line without its end; called by many threads
     * @return the middleware
     */
    public static AccessLog to(Consumer<String> lines) {
        return new AccessLog(lines, System::nanoTime);
    }

    static AccessLog to(Consumer<String> lines, LongSupplier nanoTime) {
        return new AccessLog(lines, nanoTime);
    }

    @Override
    public void invoke(HttpContext context, HttpHandler next) throws Exception {
        long begin = nanoTime.getAsLong();
        context.response()
                .onCompleted(() -> lines.accept(line(context, nanoTime.getAsLong() - begin)));
        next.handle(context);
    }

    private static String line(HttpContext context, long nanos) {
        HttpRequest request = context.request();
        long length = context.response().headers().contentLength();
        return peer(context.connection().remoteAddress())
                + ' '
                + FieldSyntax.printable(request.method())
                + ' '
                + FieldSyntax.printable(request.rawTarget())
                + ' '
                + request.protocol()
                + ' '
                + context.response().status()
                + ' '
                + (length < 0 ? "-" : length)
                + " bytes "
                + nanos / 1_000_000
                + " ms";
    }

    private static String peer(@Nullable SocketAddress address) {
        return switch (address) {
            case null -> "-";
            case InetSocketAddress inet when inet.getAddress() != null ->
                    inet.getAddress().getHostAddress();
            default -> address.toString().isEmpty() ? "-" : address.toString();
        };
    }
}
