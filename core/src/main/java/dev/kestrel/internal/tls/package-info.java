/**
 * TLS: the step of a connection that turns encrypted bytes into plain ones, the certificates that
 * it shows and how they are loaded, checked and reloaded, and the authorities whose clients it
 * trusts.
 *
 * <p>A {@link dev.kestrel.internal.tls.LoadedCertificate} never changes and may be used by any
 * thread; a {@link dev.kestrel.internal.tls.CertificateWatcher} holds the current one. Files are
 * read at the start and by whoever calls {@code check()}, never by a connection.
 *
 * <p>What does not belong here: what the decrypted bytes mean, and how options are read.
 */
@NullMarked
package dev.kestrel.internal.tls;

import org.jspecify.annotations.NullMarked;
