package dev.kestrel.internal.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLContext;

/**
 * A certificate that is ready to be shown to clients. Immutable, for any thread. Two loads are told
 * apart by identity.
 */
public sealed interface LoadedCertificate {

    /**
     * The host names that the certificate is for, in lower case, as its subjectAltName lists them;
     * they may begin with {@code *.}. Empty when that is not known.
     */
    Set<String> dnsNames();

    /** What its owner should hear about, such as that it ends soon. Whole sentences. */
    List<String> warnings();

    /**
     * A private key and the certificates that go with it.
     *
     * @param key the private key
     * @param chain the server's own certificate, then each issuer; at least one
     */
    record KeyAndChain(
            PrivateKey key,
            List<X509Certificate> chain,
            Set<String> dnsNames,
            List<String> warnings)
            implements LoadedCertificate {

        public KeyAndChain {
            chain = List.copyOf(chain);
            warnings = List.copyOf(warnings);
        }

        /** The server's own certificate. */
        public X509Certificate leaf() {
            return chain.getFirst();
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "certificate of " + DisplayNames.of(leaf());
        }
    }

    /** A context that was set up elsewhere: nothing in it is known here. */
    record Context(SSLContext context) implements LoadedCertificate {

        @Override
        public Set<String> dnsNames() {
            return Set.of();
        }

        @Override
        public List<String> warnings() {
            return List.of();
        }

        @Override
        public String toString() {
            return "SSLContext (" + context.getProtocol() + ")";
        }
    }
}
