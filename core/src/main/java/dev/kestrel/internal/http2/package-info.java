/**
 * HTTP/2 (RFC 9113): a frame loop that never waits for an application or for the client to read, a
 * virtual thread for each stream, and one frame writer that output producers hand themselves to.
 *
 * <p>Three kinds of threads meet here, and each type says whose it is: the <em>frame loop</em> (the
 * connection's thread) reads frames and owns the table of streams; a <em>stream's thread</em> runs
 * the application; the <em>writer's thread</em> alone touches the way out. Nothing here knows
 * sockets, and nothing outside touches a frame.
 */
@NullMarked
package dev.kestrel.internal.http2;

import org.jspecify.annotations.NullMarked;
