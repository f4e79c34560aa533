package dev.kestrel.connections.tls;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a client said first (RFC 8446 section 4.1.2). Nothing in it is proven, and all of it can be
 * read on the way.
 *
 * @param serverName the name that it wants to reach (RFC 6066 section 3), in lower case, or {@code
 *     null} when it gave none, or none that is a host name
 * @param applicationProtocols what it speaks inside, in its order (RFC 7301); empty when it did not
 *     say
 * @param versions the versions of TLS that it offers, as they are on the wire
 * @param cipherSuites the cipher suites that it offers, as they are on the wire
 * @param message the handshake message, with its four bytes of type and length
 */
public record TlsClientHello(
        @Nullable String serverName,
        List<String> applicationProtocols,
        List<Integer> versions,
        List<Integer> cipherSuites,
        byte[] message) {

    /** Copies the lists. The message is not copied. */
    public TlsClientHello {
        applicationProtocols = List.copyOf(applicationProtocols);
        versions = List.copyOf(versions);
        cipherSuites = List.copyOf(cipherSuites);
    }
}
