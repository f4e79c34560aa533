package dev.kestrel.app;

import dev.kestrel.http.HttpHandler;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** Where a route leads: a handler, and what was noted about it. Immutable. */
public final class Endpoint {

    /** The method of endpoints that answer every method. */
    static final String ANY_METHOD = "*";

    private final String method;
    private final RoutePattern pattern;
    private final HttpHandler handler;
    private final List<Object> metadata;
    private final EndpointFeature feature = new EndpointFeature(this);

    Endpoint(String method, RoutePattern pattern, HttpHandler handler, List<Object> metadata) {
        this.method = method;
        this.pattern = pattern;
        this.handler = Objects.requireNonNull(handler, "handler");
        this.metadata = List.copyOf(metadata);
    }

    /**
     * The method it answers.
     *
     * @return a method such as {@code GET}; {@code *} for every one
     */
    public String method() {
        return method;
    }

    /**
     * The pattern it was mapped with.
     *
     * @return a text such as {@code /users/{id}}
     */
    public String pattern() {
        return pattern.toString();
    }

    /**
     * What answers.
     *
     * @return the handler
     */
    public HttpHandler handler() {
        return handler;
    }

    /**
     * What was noted about it when it was mapped, for middleware to find.
     *
     * @return the objects in order
     */
    public List<Object> metadata() {
        return metadata;
    }

    /**
     * The last of the noted objects that has a type.
     *
     * @param <T> the type
     * @param type the type
     * @return the object, or {@code null} when there is none
     */
    public <T> @Nullable T metadata(Class<T> type) {
        for (Object item : metadata.reversed()) {
            if (type.isInstance(item)) {
                return type.cast(item);
            }
        }
        return null;
    }

    RoutePattern route() {
        return pattern;
    }

    EndpointFeature feature() {
        return feature;
    }

    /** Method and pattern. */
    @Override
    public String toString() {
        return method + ' ' + pattern;
    }
}
