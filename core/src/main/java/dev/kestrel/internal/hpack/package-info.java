/**
 * HPACK (RFC 7541), header compression for HTTP/2: {@code HPackDecoder} makes fields of the header
 * blocks that come, {@code HPackHeaderWriter} writes the fields of a response through {@code
 * HPackEncoder}. Around them are the static and the dynamic table, the Huffman code and the
 * integers.
 *
 * <p>A decoder and an encoder belong to one connection. The decoder is used by the thread that
 * reads frames, the encoder by whoever holds the right to write a header block; neither locks,
 * blocks or does I/O. What a field means, and what follows from an error, is for the engine.
 *
 * <p>HPACK carries octets, so a value here is a string with one character an octet (ISO-8859-1).
 * Which charset an octet above 127 belongs to is for the engine, too.
 */
@NullMarked
package dev.kestrel.internal.hpack;

import org.jspecify.annotations.NullMarked;
