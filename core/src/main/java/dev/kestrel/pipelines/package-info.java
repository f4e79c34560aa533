/**
 * Byte streams with back-pressure, after the original's {@code System.IO.Pipelines}: memory comes
 * from a {@link dev.kestrel.pipelines.MemoryPool} in fixed blocks, a {@link
 * dev.kestrel.pipelines.PipeWriter} fills them and a {@link dev.kestrel.pipelines.PipeReader} looks
 * at them in place and says how far it has consumed and examined them.
 *
 * <p>There are two kinds. A {@link dev.kestrel.pipelines.Pipe} keeps bytes in memory between two
 * threads. A {@link dev.kestrel.pipelines.SourcePipeReader} and a {@link
 * dev.kestrel.pipelines.SinkPipeWriter} stand directly on a transport: no thread and no second
 * buffer lies between it and who reads or writes.
 *
 * <p>Where the original awaits, these types block; they are meant to be called from virtual
 * threads. A pipe has one reader thread and one writer thread at a time; {@code cancelPendingRead},
 * {@code cancelPendingFlush} and the gauges of the pool may be called from anywhere.
 *
 * <p>Ownership: whoever rents a block returns it. A writer owns the blocks that it has not flushed,
 * a reader those that it has not consumed; {@code complete} on either side returns what that side
 * still holds.
 *
 * <p>What does not belong here: sockets, connections, anything that knows a protocol.
 */
@NullMarked
package dev.kestrel.pipelines;

import org.jspecify.annotations.NullMarked;
