/**
 * HTTP/3 (RFC 9114) over a connection of many streams: frames, the streams of requests, the control
 * stream and those of QPACK, priorities (RFC 9218) and extended CONNECT (RFC 9220).
 *
 * <p>Each request has a thread, which reads its own frames, runs the application and writes its own
 * frames; nothing of a request passes through the connection's thread. What all versions share is
 * in {@code protocol}, limits in {@code guard}, compression in {@code qpack}. Packets,
 * acknowledgements and flow control are the transport's.
 */
@NullMarked
package dev.kestrel.internal.http3;

import org.jspecify.annotations.NullMarked;
