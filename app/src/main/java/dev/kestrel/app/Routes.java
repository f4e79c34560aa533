package dev.kestrel.app;

import dev.kestrel.http.HttpHandler;

import java.util.function.Consumer;

/**
 * Something that routes can be added to.
 *
 * <p>A pattern begins with a slash. A part of it is literal text, which compares with case; {@code
 * {name}}, which takes one part of the path that is not empty; {@code {name:int}}, the same with a
 * condition ({@code int}, {@code long}, {@code uuid}, {@code alpha}); or, at the end, {@code
 * {**name}}, which takes all that is left, also nothing. A trailing slash counts: {@code /a} and
 * {@code /a/} are two paths. When several routes match, literals win over parameters with a
 * condition, those over parameters without, and those over what takes all, from left to right.
 *
 * <p>Values of parameters are decoded; one that came with {@code %2F} has a slash. The value of
 * {@code {**name}} has the form of {@code HttpRequest.path()}, in which {@code %2F} stays, so that
 * it can be told from a slash.
 *
 * <p>{@code HEAD} is answered by the route for {@code GET} unless it has one of its own, and {@code
 * OPTIONS} by itself.
 *
 * @param <R> the type that its methods give back
 */
public interface Routes<R extends Routes<R>> {

    /**
     * Adds a route.
     *
     * @param method the method, with case; {@code *} for every one
     * @param pattern which paths
     * @param handler what answers
     * @param metadata whatever middleware should know about the route
     * @return this
     * @throws IllegalArgumentException when the pattern is malformed, or another route matches the
     *     same requests
     * @throws IllegalStateException when the application has started
     */
    R map(String method, String pattern, HttpHandler handler, Object... metadata);

    /**
     * Adds a route for {@code GET} and {@code HEAD}.
     *
     * @param pattern which paths
     * @param handler what answers
     * @return this
     */
    default R get(String pattern, HttpHandler handler) {
        return map("GET", pattern, handler);
    }

    /**
     * Adds a route for {@code HEAD} alone, which then does not go to the one for {@code GET}.
     *
     * @param pattern which paths
     * @param handler what answers
     * @return this
     */
    default R head(String pattern, HttpHandler handler) {
        return map("HEAD", pattern, handler);
    }

    /**
     * Adds a route for {@code POST}.
     *
     * @param pattern which paths
     * @param handler what answers
     * @return this
     */
    default R post(String pattern, HttpHandler handler) {
        return map("POST", pattern, handler);
    }

    /**
     * Adds a route for {@code PUT}.
     *
     * @param pattern which paths
     * @param handler what answers
     * @return this
     */
    default R put(String pattern, HttpHandler handler) {
        return map("PUT", pattern, handler);
    }

    /**
     * Adds a route for {@code PATCH}.
     *
     * @param pattern which paths
     * @param handler what answers
     * @return this
     */
    default R patch(String pattern, HttpHandler handler) {
        return map("PATCH", pattern, handler);
    }

    /**
     * Adds a route for {@code DELETE}.
     *
     * @param pattern which paths
     * @param handler what answers
     * @return this
     */
    default R delete(String pattern, HttpHandler handler) {
        return map("DELETE", pattern, handler);
    }

    /**
     * Adds a route for {@code OPTIONS}, instead of the automatic answer.
     *
     * @param pattern which paths
     * @param handler what answers
     * @return this
     */
    default R options(String pattern, HttpHandler handler) {
        return map("OPTIONS", pattern, handler);
    }

    /**
     * Adds routes that share a beginning.
     *
     * @param prefix how their patterns begin, such as {@code /api}; it may have parameters, but no
     *     slash at its end
     * @param routes adds them
     * @return this
     */
    R mapGroup(String prefix, Consumer<RouteGroup> routes);
}
