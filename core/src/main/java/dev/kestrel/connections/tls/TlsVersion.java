package dev.kestrel.connections.tls;

/** The versions of TLS that an endpoint may speak; older ones are not spoken at all (RFC 8996). */
public enum TlsVersion {
    /** RFC 5246. */
    TLS_1_2("TLSv1.2", 0x0303),
    /** RFC 8446. */
    TLS_1_3("TLSv1.3", 0x0304);

    private final String protocol;
    private final int number;

    TlsVersion(String protocol, int number) {
        this.protocol = protocol;
        this.number = number;
    }

    /**
     * The name that Java knows it by.
     *
     * @return {@code TLSv1.2} or {@code TLSv1.3}
     */
    public String protocol() {
        return protocol;
    }

    /**
     * The number that it has on the wire.
     *
     * @return two bytes, the major one first
     */
    public int number() {
        return number;
    }
}
