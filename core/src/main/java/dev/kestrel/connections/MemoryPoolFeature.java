package dev.kestrel.connections;

import dev.kestrel.pipelines.MemoryPool;

/**
 * The pool that a connection's memory comes from.
 *
 * @param memoryPool the server's pool
 */
public record MemoryPoolFeature(MemoryPool memoryPool) {}
