package dev.kestrel.server;

/**
 * How a server's connections ended when it stopped.
 *
 * @param gracefulConnections connections that were open and ended before the deadline
 * @param abortedConnections connections that the deadline cut off
 */
public record StopResult(int gracefulConnections, int abortedConnections) {}
