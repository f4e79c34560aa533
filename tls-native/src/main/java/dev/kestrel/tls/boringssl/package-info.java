/**
 * The TLS engine of BoringSSL. Here belongs what stands between core's idea of an engine and
 * Netty's; reading and writing records is core's.
 */
@NullMarked
package dev.kestrel.tls.boringssl;

import org.jspecify.annotations.NullMarked;
