/** Runs this server and others side by side, under load from outside, and compares them. */
@NullMarked
package dev.kestrel.benchmarks.lab;

import org.jspecify.annotations.NullMarked;
