/**
 * The request/response machine that all HTTP versions share: one request at a time, from its parsed
 * head to the last byte of its response. What differs between versions is behind {@code
 * HttpOutputProducer} and {@code MessageBody}.
 */
@NullMarked
package dev.kestrel.internal.protocol;

import org.jspecify.annotations.NullMarked;
