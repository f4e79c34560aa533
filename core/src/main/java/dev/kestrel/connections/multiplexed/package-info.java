/**
 * What a connection of many streams is, and what takes part in its life: what QUIC gives and HTTP/3
 * stands on.
 *
 * <p>A transport implements {@link
 * dev.kestrel.connections.multiplexed.MultiplexedConnectionListenerFactory} and is found by way of
 * {@link dev.kestrel.connections.multiplexed.MultiplexedTransportProvider}. Nothing here knows
 * HTTP, and nothing here does any work.
 */
@NullMarked
package dev.kestrel.connections.multiplexed;

import org.jspecify.annotations.NullMarked;
