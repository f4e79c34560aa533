package dev.kestrel.quic;

import dev.kestrel.pipelines.MemoryBlock;

import org.jspecify.annotations.Nullable;

/** Bytes of a stream on their way to the library: a block, and how much of it is meant. */
final class OutputPiece {

    final MemoryBlock block;
    final int length;
    @Nullable OutputPiece next;

    /** The loop's: how much the library has. */
    int sent;

    OutputPiece(MemoryBlock block, int length) {
        this.block = block;
        this.length = length;
    }
}
