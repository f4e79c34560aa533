/**
 * What a connection is, apart from any transport and any protocol: the original's {@code
 * Connections.Abstractions}.
 *
 * <p>A {@link dev.kestrel.connections.ConnectionListenerFactory} binds an endpoint and gives a
 * {@link dev.kestrel.connections.ConnectionListener}, which accepts {@linkplain
 * dev.kestrel.connections.ConnectionContext connections}. Each runs through a pipeline of {@link
 * dev.kestrel.connections.ConnectionMiddleware} that ends in a {@link
 * dev.kestrel.connections.ConnectionDelegate}; a middleware may replace the connection's {@link
 * dev.kestrel.connections.DuplexPipe} by a decorator of it.
 *
 * <p>Endpoints are {@link java.net.SocketAddress}es: the JDK's for sockets, a transport's own
 * subclass otherwise.
 *
 * <p>What does not belong here: sockets themselves, and HTTP.
 */
@NullMarked
package dev.kestrel.connections;

import org.jspecify.annotations.NullMarked;
