package dev.kestrel.app;

import dev.kestrel.http.HttpHandler;

import java.util.Objects;
import java.util.function.Consumer;

/** Routes that share the beginning of their patterns. */
public final class RouteGroup implements Routes<RouteGroup> {

    private final Routes<?> parent;
    private final String prefix;

    RouteGroup(Routes<?> parent, String prefix) {
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "The prefix '" + prefix + "' must begin with '/' and must not end with one");
        }
        this.parent = parent;
        this.prefix = prefix;
    }

    /**
     * {@inheritDoc}
     *
     * @param pattern what follows the prefix; empty for the prefix itself
     */
    @Override
    public RouteGroup map(String method, String pattern, HttpHandler handler, Object... metadata) {
        if (!pattern.isEmpty() && !pattern.startsWith("/")) {
            throw new IllegalArgumentException(
                    "The route '" + pattern + "' does not begin with '/'");
        }
        parent.map(method, prefix + pattern, handler, metadata);
        return this;
    }

    @Override
    public RouteGroup mapGroup(String innerPrefix, Consumer<RouteGroup> routes) {
        Objects.requireNonNull(routes, "routes").accept(new RouteGroup(this, innerPrefix));
        return this;
    }
}
