/**
 * The development certificate: an authority of this machine's user, a certificate for {@code
 * localhost} that it has signed, and the places where a system keeps the authorities that it
 * trusts.
 *
 * <p>Only here is Bouncy Castle used, because the JDK can read certificates but not make them. What
 * does not belong here: how a server loads a certificate, which is the core's business.
 */
@NullMarked
package dev.kestrel.cli.certificates;

import org.jspecify.annotations.NullMarked;
