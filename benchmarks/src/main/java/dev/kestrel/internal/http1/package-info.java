/** Benchmarks of what is private to the HTTP/1.1 engine. */
@NullMarked
package dev.kestrel.internal.http1;

import org.jspecify.annotations.NullMarked;
