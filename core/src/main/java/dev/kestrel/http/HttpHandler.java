package dev.kestrel.http;

/** The application, or the part of it that answers a request. */
@FunctionalInterface
public interface HttpHandler {

    /**
     * Answers a request. Runs on a virtual thread and may block. When it returns, the response is
     * completed and sent.
     *
     * @param context the request and its response
     * @throws Exception a failure: it is logged, and the client gets 500, or the end of the
     *     connection (a reset of the stream) when the response has started. A {@link
     *     BadHttpRequestException} gives its own status instead
     */
    void handle(HttpContext context) throws Exception;
}
