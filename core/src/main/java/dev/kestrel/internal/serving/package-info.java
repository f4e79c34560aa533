/**
 * What stands between the transports and the protocols: binding addresses, accepting, one {@code
 * KestrelConnection} with its virtual thread for each connection, the heartbeat, the connection
 * middleware that ships, and the order in which all of it starts and stops.
 *
 * <p>Ownership: {@code TransportManager} owns the listeners and their accept loops; {@code
 * ConnectionDispatcher} owns a connection from accept until its {@code KestrelConnection} is handed
 * to a thread; from then on that thread owns it and closes it. {@code ConnectionManager} only knows
 * them.
 *
 * <p>What does not belong here: sockets, and what HTTP means.
 */
@NullMarked
package dev.kestrel.internal.serving;

import org.jspecify.annotations.NullMarked;
