/**
 * QPACK (RFC 9204), header compression for HTTP/3, over the names, the Huffman code and the limits
 * of HPACK. {@code QPackDecoder} follows the peer's encoder stream and says what our decoder stream
 * answers; a {@code QPackFieldSection} a stream makes fields of the sections that come. {@code
 * QPackEncoder} has the table of our responses, says what our encoder stream sends and follows the
 * peer's decoder stream; a {@code QPackHeaderWriter} a stream writes sections.
 *
 * <p>Nothing here locks, blocks or does I/O. The decoder and its sections are one unit of state,
 * which threads may share under one lock of the engine; the encoder, with the beginning of sections
 * in its writers, is another. What a field means, and what follows from an error, is for the
 * engine.
 */
@NullMarked
package dev.kestrel.internal.qpack;

import org.jspecify.annotations.NullMarked;
