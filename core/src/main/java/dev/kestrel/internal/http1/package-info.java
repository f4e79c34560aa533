/**
 * HTTP/1.1 and HTTP/1.0 (RFC 9112): {@code Http1Connection} serves the requests of a connection one
 * after another on the connection's own thread. {@code Http1HeadReader} reads heads in place, a
 * {@code BodySource} each framing of a body, {@code Http1OutputProducer} writes responses.
 */
@NullMarked
package dev.kestrel.internal.http1;

import org.jspecify.annotations.NullMarked;
