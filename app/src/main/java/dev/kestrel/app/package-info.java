/**
 * What most programs use: a {@link dev.kestrel.app.WebApplication} puts middleware, routes and
 * handlers together and runs them on a server.
 *
 * <p>A request passes the middleware in the order in which it was added, then the router, then the
 * endpoint that the router found. Everything is set up before the server starts and does not change
 * after it, so requests share it without locks.
 *
 * <p>What does not belong here: anything that knows connections or the bytes of HTTP; that is the
 * server's.
 */
@NullMarked
package dev.kestrel.app;

import org.jspecify.annotations.NullMarked;
