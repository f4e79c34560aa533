package dev.kestrel.app;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpRequest;
import dev.kestrel.http.KnownHeader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the endpoint of a request and runs it. What no route matches goes to the fallback, or is
 * answered 404; a path that has routes, but none for the method, is answered 405 with {@code
 * Allow}, and {@code OPTIONS} with 204 and {@code Allow}.
 */
final class Router implements HttpHandler {

    private final RouteNode root = new RouteNode();

    /** Routes without parameters. They win over all others for their path, and need no walk. */
    private final Map<String, RouteNode> literals = new HashMap<>();

    private final Set<String> allMethods = new TreeSet<>();
    private @Nullable HttpHandler fallback;

    /** Adds an endpoint. */
    void add(Endpoint endpoint) {
        RouteNode node = root;
        for (RoutePattern.Segment segment : endpoint.route().segments()) {
            node = node.child(segment);
        }
        node.add(endpoint);
        if (endpoint.route().isLiteral()) {
            literals.put(endpoint.pattern(), node);
        }
        allMethods.add(endpoint.method());
    }

    /** Sets what answers when no route matches the path. */
    void fallback(HttpHandler handler) {
        if (fallback != null) {
            throw new IllegalStateException("There is a handler already for what no route matches");
        }
        fallback = handler;
    }

    /** The router, or the fallback alone when there is no route. */
    HttpHandler toHandler() {
        return fallback != null && allMethods.isEmpty() ? fallback : this;
    }

    @Override
    public void handle(HttpContext context) throws Exception {
        HttpRequest request = context.request();
        String path = request.path();
        RouteNode literal = literals.get(path);
        Endpoint endpoint = literal == null ? null : literal.find(request.method());
        if (endpoint != null) {
            run(context, endpoint, Map.of());
            return;
        }
        RouteSearch search = new RouteSearch(request.method(), path);
        if (path.startsWith("/") && search.run(root)) {
            endpoint = search.endpoint();
        }
        if (endpoint != null) {
            run(context, endpoint, search.parameters(endpoint, request.rawTarget()));
        } else if (path.isEmpty() && request.method().equals("OPTIONS")) {
            answerOptions(context, allMethods);
        } else if (!search.methods().isEmpty()) {
            answerWithoutEndpoint(context, search.methods());
        } else if (fallback != null) {
            fallback.handle(context);
        } else {
            context.response().status(404).send("404 Not Found\n");
        }
    }

    private static void run(HttpContext context, Endpoint endpoint, Map<String, String> parameters)
            throws Exception {
        context.features().set(EndpointFeature.class, endpoint.feature());
        context.request().pathParameters(parameters);
        endpoint.handler().handle(context);
    }

    private static void answerWithoutEndpoint(HttpContext context, Set<String> methods)
            throws IOException {
        if (context.request().method().equals("OPTIONS")) {
            answerOptions(context, methods);
            return;
        }
        context.response().status(405).headers().set(KnownHeader.ALLOW, allow(methods));
        context.response().send("405 Method Not Allowed\n");
    }

    private static void answerOptions(HttpContext context, Set<String> methods) {
        context.response().status(204).headers().set(KnownHeader.ALLOW, allow(methods));
    }

    private static String allow(Set<String> methods) {
        Set<String> all = new TreeSet<>(methods);
        all.remove(Endpoint.ANY_METHOD);
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        all.add("OPTIONS");
        return String.join(", ", all);
    }
}
