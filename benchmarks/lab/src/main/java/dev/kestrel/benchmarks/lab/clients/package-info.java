/** Load programs of the lab's own, for what no tool of the system does. */
@NullMarked
package dev.kestrel.benchmarks.lab.clients;

import org.jspecify.annotations.NullMarked;
