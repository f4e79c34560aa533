package dev.kestrel.http;

/**
 * A step of the application pipeline, which sees each request before and after those that come
 * later.
 */
@FunctionalInterface
public interface HttpMiddleware {

    /**
     * Takes part in a request. It calls {@code next} once to go on, or answers itself.
     *
     * @param context the request and its response
     * @param next the rest of the pipeline
     * @throws Exception as for {@link HttpHandler#handle}
     */
    void invoke(HttpContext context, HttpHandler next) throws Exception;
}
