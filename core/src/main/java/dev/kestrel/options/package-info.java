/**
 * How a server is set up: immutable options with builders, their defaults and ranges, and the
 * endpoints that only mean something to the server ({@link dev.kestrel.options.LocalhostEndPoint},
 * {@link dev.kestrel.options.AnyIpEndPoint}).
 *
 * <p>Names and defaults are the original's ({@code KestrelServerOptions}, {@code
 * KestrelServerLimits}, {@code ListenOptions}). A mistake fails when it is made, with a message
 * that names the key and the fix.
 *
 * <p>What does not belong here: anything that does something.
 */
@NullMarked
package dev.kestrel.options;

import org.jspecify.annotations.NullMarked;
