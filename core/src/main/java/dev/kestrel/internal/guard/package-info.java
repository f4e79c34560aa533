/**
 * Everything that says "enough": timeouts, data rates, counters. Objects here decide and report;
 * what then happens to a connection is for those who own them. No I/O.
 */
@NullMarked
package dev.kestrel.internal.guard;

import org.jspecify.annotations.NullMarked;
