/** The servers of the lab: one program each, which all answer the same requests. */
@NullMarked
package dev.kestrel.benchmarks.lab.servers;

import org.jspecify.annotations.NullMarked;
