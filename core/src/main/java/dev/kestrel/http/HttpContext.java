package dev.kestrel.http;

import dev.kestrel.connections.FeatureCollection;
import dev.kestrel.connections.Signal;

import java.util.Map;

/**
 * A request, its response, and what surrounds them. Valid until the handler returns, and for one
 * thread at a time, but for {@link #abort()} and the signal {@link #aborted()} itself.
 */
public interface HttpContext {

    /**
     * What the client asked.
     *
     * @return always the same object
     */
    HttpRequest request();

    /**
     * What it is answered.
     *
     * @return always the same object
     */
    HttpResponse response();

    /**
     * Where the request came in.
     *
     * @return the connection's name and addresses
     */
    HttpConnectionInfo connection();

    /**
     * What this request can do beyond the common. What is not here is looked up on the connection.
     *
     * @return a collection for the request's own thread
     */
    FeatureCollection features();

    /**
     * Anything that middleware and handlers want to pass on to one another.
     *
     * @return a map that is empty at the start of each request
     */
    Map<Object, Object> items();

    /**
     * The name of this request in logs: the connection's id and the request's number on it.
     *
     * @return a text such as {@code 0HN1:00000002}
     */
    String traceIdentifier();

    /**
     * Fires when the client has gone, or the request was aborted by this side. A handler that works
     * long can look at it now and then, or register a callback. Asking for it makes the server
     * watch the connection while the handler runs.
     *
     * @return the signal of this request
     */
    Signal aborted();

    /**
     * Ends the request at once, without a further byte: HTTP/1.1 resets the connection, later
     * versions the stream. Whoever reads or writes gets an exception; a second call does nothing.
     * May be called from any thread.
     */
    void abort();
}
