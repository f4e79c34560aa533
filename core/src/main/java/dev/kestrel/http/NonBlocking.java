package dev.kestrel.http;

/**
 * An {@link HttpHandler} that promises never to block and to take microseconds. A server may then
 * run it on the thread that reads the connection, which saves a thread for each HTTP/2 and HTTP/3
 * request.
 */
@FunctionalInterface
public interface NonBlocking extends HttpHandler {}
