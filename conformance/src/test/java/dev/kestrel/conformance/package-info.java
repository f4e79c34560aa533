/**
 * What others say about this server: sets of cases, clients, and figures that must hold.
 *
 * <p>Some tests read data from a directory {@code shared} beside the checkout. Without it they are
 * skipped and say so.
 */
@NullMarked
package dev.kestrel.conformance;

import org.jspecify.annotations.NullMarked;
