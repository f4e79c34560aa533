package dev.kestrel.app;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A place in the tree of routes: what can follow there, and which endpoints end there. */
final class RouteNode {

    private final Map<String, RouteNode> literals = new HashMap<>();
    private final Map<RouteConstraint, RouteNode> parameters = new EnumMap<>(RouteConstraint.class);
    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private @Nullable RouteNode catchAll;

    /** The place behind a part of a pattern; made when it is not there. */
    RouteNode child(RoutePattern.Segment segment) {
        return switch (segment) {
            case RoutePattern.Literal(String text) ->
                    literals.computeIfAbsent(text, t -> new RouteNode());
            case RoutePattern.Parameter(String _, RouteConstraint constraint) ->
                    parameters.computeIfAbsent(constraint, c -> new RouteNode());
            case RoutePattern.CatchAll _ -> {
                if (catchAll == null) {
                    catchAll = new RouteNode();
                }
                yield catchAll;
            }
        };
    }

    @Nullable RouteNode literal(String text) {
        return literals.get(text);
    }

    /** Narrow constraints first. */
    Map<RouteConstraint, RouteNode> parameters() {
        return parameters;
    }

    @Nullable RouteNode catchAll() {
        return catchAll;
    }

    /** Lets an endpoint end here. */
    void add(Endpoint endpoint) {
        Endpoint there = endpoints.putIfAbsent(endpoint.method(), endpoint);
        if (there != null) {
            throw new IllegalArgumentException(
                    "The route '"
                            + endpoint
                            + "' matches the same requests as '"
                            + there
                            + "', which was mapped before");
        }
    }

    /**
     * The endpoint for a method. {@code HEAD} is answered by {@code GET}: the server drops the
     * body.
     */
    @Nullable Endpoint find(String method) {
        Endpoint endpoint = endpoints.get(method);
        if (endpoint == null && method.equals("HEAD")) {
            endpoint = endpoints.get("GET");
        }
        return endpoint == null ? endpoints.get(Endpoint.ANY_METHOD) : endpoint;
    }

    /** The methods that have an endpoint here. */
    Set<String> methods() {
        return endpoints.keySet();
    }
}
