/**
 * What <a href="https://github.com/summerwind/h2spec">h2spec</a> 2.6.0 checks of a server, over
 * cleartext sockets: its sections, its sentences and its verdicts, written anew. The sections are
 * those of RFC 7540, the names are its own.
 */
@NullMarked
package dev.kestrel.conformance.h2spec;

import org.jspecify.annotations.NullMarked;
