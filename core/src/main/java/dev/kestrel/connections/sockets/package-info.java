/**
 * Connections over the operating system's sockets: TCP on IPv4 and IPv6, and Unix domain sockets.
 *
 * <p>A {@link dev.kestrel.connections.sockets.SocketTransport} binds an address and gives a
 * listener; each connection that the listener accepts reads and writes its channel on the thread
 * that asks, which should be a virtual one. With loops ({@link
 * dev.kestrel.connections.sockets.SocketThreads}) the channel does not block and the thread waits
 * for its readiness; all else is the same. Nothing here has a thread of its own but reading ahead,
 * when somebody asked for it, and one timer for closing connections.
 *
 * <p>Ownership: the listener owns the server's channel, and the file of a Unix domain socket; a
 * connection owns its channel and, through its pipes, the blocks of memory that hold what was not
 * read or sent yet. Closing either gives all of it back.
 *
 * <p>Errors of the platform end here: above, a peer that broke the connection is a {@link
 * dev.kestrel.connections.ConnectionResetException}, and an end that this side chose is a {@link
 * dev.kestrel.connections.ConnectionAbortedException}.
 *
 * <p>What does not belong here: {@code localhost} and other endpoints that stand for several
 * addresses (the server takes those apart before it binds), and anything that knows a protocol.
 */
@NullMarked
package dev.kestrel.connections.sockets;

import org.jspecify.annotations.NullMarked;
