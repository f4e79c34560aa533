/**
 * The front door: a {@link dev.kestrel.server.KestrelServer} is built from endpoints, limits and
 * one {@link dev.kestrel.http.HttpHandler}, started, and stopped gracefully.
 *
 * <p>What does not belong here: anything that does the work. It is in packages that are not
 * exported.
 */
@NullMarked
package dev.kestrel.server;

import org.jspecify.annotations.NullMarked;
