/**
 * The QUIC transport. The threads of Netty's loops move bytes and own all of Netty's and quiche's
 * state; threads of the server meet them in {@code LoopQueue}, which carries what they want, and in
 * pipes, which carry what came. No thread of the application runs here, and no protocol above QUIC
 * is known here.
 */
@NullMarked
package dev.kestrel.quic;

import org.jspecify.annotations.NullMarked;
