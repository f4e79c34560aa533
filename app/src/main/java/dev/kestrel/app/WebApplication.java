package dev.kestrel.app;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpMiddleware;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.server.KestrelServerBuilder;
import dev.kestrel.server.StopResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A web application: middleware, routes, and the server that they run on.
 *
 * <pre>{@code
 * WebApplication app = WebApplication.create();
 * app.get("/users/{id:int}", ctx -> ctx.response().send("User " + ctx.request().pathParameter("id")));
 * app.run(ctx -> ctx.response().send("Hello " + ctx.request().protocol()));
 * app.listen(8080).runUntilStopped();
 * }</pre>
 *
 * <p>A request passes the middleware in the order of {@link #use}, then the router, then the
 * endpoint that it found. What no route matches goes to the handler that {@link #run} set, or is
 * answered 404.
 *
 * <p>It is set up by one thread, before it starts; after that everything but starting and stopping
 * throws {@link IllegalStateException}. Handlers run at once on many virtual threads.
 */
public final class WebApplication implements Routes<WebApplication>, AutoCloseable {

    private final KestrelServerBuilder builder = KestrelServer.builder();
    private final List<HttpMiddleware> middleware = new ArrayList<>();
    private final Router router = new Router();
    private volatile @Nullable KestrelServer server;

    private WebApplication() {}

    /**
     * Makes an application without routes. When it is told no endpoint, it listens on {@code
     * localhost:5000}.
     *
     * @return an application that has not started
     */
    public static WebApplication create() {
        return new WebApplication();
    }

    /**
     * Configures the server: endpoints with options, limits, transports.
     *
     * @param configure changes the server's builder; called at once. The handler it sets is
     *     replaced by this application
     * @return this
     */
    public WebApplication server(Consumer<KestrelServerBuilder> configure) {
        checkNotStarted();
        configure.accept(builder);
        return this;
    }

    /**
     * Listens on {@code localhost}, on IPv4 and IPv6: reachable from this machine alone.
     *
     * @param port from 1 to 65535; 0 for any free port
     * @return this
     */
    public WebApplication listen(int port) {
        return server(b -> b.listen(port));
    }

    /**
     * Listens on an address.
     *
     * @param endPoint an {@link java.net.InetSocketAddress}, or whatever a registered transport can
     *     bind
     * @return this
     */
    public WebApplication listen(SocketAddress endPoint) {
        return server(b -> b.listen(endPoint));
    }

    /**
     * Listens on all addresses of this machine, IPv6 and IPv4: reachable from the network.
     *
     * @param port from 1 to 65535; 0 for any free port
     * @return this
     */
    public WebApplication listenAnyIp(int port) {
        return server(b -> b.listenAnyIp(port));
    }

    /**
     * Listens on a Unix domain socket.
     *
     * @param path the socket's file; made by the server, and removed when it stops
     * @return this
     */
    public WebApplication listenUnixSocket(Path path) {
        return server(b -> b.listenUnixSocket(path));
    }

    /**
     * Adds a step that every request runs through, inside those that were added before.
     *
     * @param step the middleware
     * @return this
     */
    public WebApplication use(HttpMiddleware step) {
        checkNotStarted();
        middleware.add(Objects.requireNonNull(step, "step"));
        return this;
    }

    @Override
    public WebApplication map(
            String method, String pattern, HttpHandler handler, Object... metadata) {
        checkNotStarted();
        if (method.isEmpty()) {
            throw new IllegalArgumentException("The route '" + pattern + "' has an empty method");
        }
        router.add(new Endpoint(method, RoutePattern.parse(pattern), handler, List.of(metadata)));
        return this;
    }

    @Override
    public WebApplication mapGroup(String prefix, Consumer<RouteGroup> routes) {
        Objects.requireNonNull(routes, "routes").accept(new RouteGroup(this, prefix));
        return this;
    }

    /**
     * Sets what answers when no route matches the path. Without any route it answers everything. It
     * does not start the application: {@link #start()} and {@link #runUntilStopped()} do.
     *
     * @param handler the last handler of the pipeline
     * @return this
     * @throws IllegalStateException when there is one already, or the application has started
     */
    public WebApplication run(HttpHandler handler) {
        checkNotStarted();
        router.fallback(Objects.requireNonNull(handler, "handler"));
        return this;
    }

    /**
     * The whole pipeline as one handler, for a server that was built by other means. What is added
     * later is not part of it.
     *
     * @return middleware, router and endpoints as they are now
     */
    public HttpHandler toHandler() {
        HttpHandler handler = router.toHandler();
        for (HttpMiddleware step : middleware.reversed()) {
            HttpHandler next = handler;
            handler = (HttpContext context) -> step.invoke(context, next);
        }
        return handler;
    }

    /**
     * Starts the server. When this returns, clients can connect. When it throws, nothing is bound,
     * and it may be tried again.
     *
     * @return this
     * @throws IOException when an endpoint can not be bound; the message names it and says why
     * @throws IllegalStateException when the application was started before
     */
    public synchronized WebApplication start() throws IOException {
        checkNotStarted();
        KestrelServer starting = builder.handler(toHandler()).build();
        starting.start();
        server = starting;
        return this;
    }

    /**
     * Listens on {@code localhost} and starts: {@code listen(port).start()}.
     *
     * @param port from 1 to 65535; 0 for any free port
     * @return this
     * @throws IOException as for {@link #start()}
     */
    public WebApplication start(int port) throws IOException {
        return listen(port).start();
    }

    /**
     * The server.
     *
     * @return the server that runs, or was stopped
     * @throws IllegalStateException before the start
     */
    public KestrelServer server() {
        KestrelServer running = server;
        if (running == null) {
            throw new IllegalStateException("The application has not been started");
        }
        return running;
    }

    /**
     * The port of the first endpoint that has one.
     *
     * @return from 1 to 65535
     * @throws IllegalStateException before the start
     */
    public int port() {
        return server().port();
    }

    /**
     * Where the application listens, with the ports that the system chose where port 0 was asked
     * for.
     *
     * @return the addresses
     * @throws IllegalStateException before the start
     */
    public List<SocketAddress> endPoints() {
        return server().endPoints();
    }

    /**
     * Where the server speaks HTTP/3, over UDP with the same numbers of ports.
     *
     * @return those among {@link #endPoints()}
     */
    public List<SocketAddress> http3EndPoints() {
        return server().http3EndPoints();
    }

    /**
     * Stops gracefully: listeners close, idle connections close, running requests finish, and those
     * that still run at the server's shutdown timeout (30 s unless it was set) are aborted. Does
     * nothing when the application is stopped.
     *
     * @return how the connections ended
     * @throws IllegalStateException before the start
     */
    public StopResult stop() {
        return server().stop();
    }

    /**
     * Stops gracefully, with a deadline.
     *
     * @param deadline how long running requests get; zero aborts at once
     * @return how the connections ended
     * @throws IllegalStateException before the start
     */
    public StopResult stop(Duration deadline) {
        return server().stop(deadline);
    }

    /**
     * Starts when that has not been done, and waits until the application is stopped: by {@link
     * #stop()} from another thread, or gracefully by SIGTERM or Ctrl-C, whereupon the process ends
     * with code 0. What happens is told on standard error.
     *
     * @throws IOException as for {@link #start()}
     * @throws InterruptedException when the thread is interrupted; the application then still runs
     */
    public void runUntilStopped() throws IOException, InterruptedException {
        runUntilStopped(System.err::println);
    }

    /**
     * Starts when that has not been done, and then says where it listens; waits until the
     * application is stopped, as {@link #runUntilStopped()}. After SIGTERM or Ctrl-C the thread
     * that called this has two seconds for what it does behind it.
     *
     * @param say takes what happens, a line at a time
     * @throws IOException as for {@link #start()}
     * @throws InterruptedException when the thread is interrupted; the application then still runs
     */
    public void runUntilStopped(Consumer<String> say) throws IOException, InterruptedException {
        if (server == null) {
            start();
            endPoints()
                    .forEach(endPoint -> say.accept("Listening on " + EndPointNames.of(endPoint)));
        }
        try (StopOnSignal _ = StopOnSignal.install(server(), say)) {
            server().awaitStopped();
        }
    }

    /** Stops at once, when it runs. */
    @Override
    public void close() {
        KestrelServer running = server;
        if (running != null) {
            running.close();
        }
    }

    private void checkNotStarted() {
        if (server != null) {
            throw new IllegalStateException("The application has already been started");
        }
    }
}
