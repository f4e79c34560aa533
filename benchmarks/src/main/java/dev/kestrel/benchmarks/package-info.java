/**
 * Benchmarks of the parts of the server, and of a whole request in memory. Each class measures one
 * thing; {@code benchmarks/README.md} says how they are run. Those that measure something that is
 * private to its package stand in that package.
 */
@NullMarked
package dev.kestrel.benchmarks;

import org.jspecify.annotations.NullMarked;
