package dev.kestrel.connections;

import java.util.Objects;

/** An extension of a PROXY protocol header: a type and some bytes. Immutable. */
public final class ProxyProtocolTlv {

    /** The protocol that was agreed by ALPN, as bytes. */
    public static final int ALPN = 0x01;

    /** The host name that the client asked for, mostly by SNI. */
    public static final int AUTHORITY = 0x02;

    /** A checksum of the header; verified before anything is given out. */
    public static final int CRC32C = 0x03;

    /** Padding; not given out. */
    public static final int NOOP = 0x04;

    /** A name for the connection, up to 128 bytes. */
    public static final int UNIQUE_ID = 0x05;

    /** What the proxy knows of the client's TLS; holds extensions of its own. */
    public static final int SSL = 0x20;

    /** Inside {@link #SSL}: the version of TLS. */
    public static final int SSL_VERSION = 0x21;

    /** Inside {@link #SSL}: the common name of the client's certificate. */
    public static final int SSL_CN = 0x22;

    /** Inside {@link #SSL}: the cipher. */
    public static final int SSL_CIPHER = 0x23;

    /** Inside {@link #SSL}: the signature algorithm of the server's certificate. */
    public static final int SSL_SIG_ALG = 0x24;

    /** Inside {@link #SSL}: the key algorithm of the server's certificate. */
    public static final int SSL_KEY_ALG = 0x25;

    /** The network namespace. */
    public static final int NETNS = 0x30;

    private final int type;
    private final byte[] value;

    /**
     * Makes one.
     *
     * @param type from 0 to 255
     * @param value its bytes, which are copied
     */
    public ProxyProtocolTlv(int type, byte[] value) {
        this.type = Objects.checkIndex(type, 256);
        this.value = value.clone();
    }

    /**
     * What it is.
     *
     * @return one of the constants, or any other number from 0 to 255
     */
    public int type() {
        return type;
    }

    /**
     * Its bytes.
     *
     * @return a copy
     */
    public byte[] value() {
        return value.clone();
    }

    @Override
    public String toString() {
        return "TLV 0x" + Integer.toHexString(type) + " of " + value.length + " bytes";
    }
}
