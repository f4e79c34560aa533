/**
 * The {@code kestrel} command: {@code serve} puts a directory on the web, {@code echo} is a target
 * for conformance and load tools, {@code dev-cert} makes certificates for this machine, {@code
 * version} says what this is.
 *
 * <p>Each command turns its options into a {@link dev.kestrel.server.KestrelServer} and hands it to
 * {@code ServerProcess}, which starts it, says where it listens and stops it gracefully on SIGTERM
 * and Ctrl-C. Errors are one line on standard error; the exit code is 1, or 2 for wrong options.
 *
 * <p>What does not belong here: anything that a program with an embedded server could want too.
 */
@NullMarked
package dev.kestrel.cli;

import org.jspecify.annotations.NullMarked;
