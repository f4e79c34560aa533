/**
 * What an application sees: a {@link dev.kestrel.http.HttpHandler} gets an {@link
 * dev.kestrel.http.HttpContext} with a {@link dev.kestrel.http.HttpRequest} and a {@link
 * dev.kestrel.http.HttpResponse}, reads and writes, and returns. All of it blocks; each request has
 * a virtual thread of its own while its handler runs.
 *
 * <p>The objects of a request belong to it: they are used again for later requests and must not be
 * kept after the handler has returned. None of them is safe for several threads at once unless it
 * says so.
 *
 * <p>What one protocol or transport can do and others can not is a <em>feature</em>, found by its
 * type in {@link dev.kestrel.http.HttpContext#features()}.
 *
 * <p>What does not belong here: anything that knows the bytes of one HTTP version.
 */
@NullMarked
package dev.kestrel.http;

import org.jspecify.annotations.NullMarked;
