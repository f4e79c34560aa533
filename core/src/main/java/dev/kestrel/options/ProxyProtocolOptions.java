package dev.kestrel.options;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How an endpoint takes the PROXY protocol, versions 1 and 2: the line or block that a proxy sends
 * before all else, with the addresses of the client that it speaks for. Immutable.
 *
 * <p>Whoever may send that header may claim any address, so it is believed from {@linkplain
 * Builder#trust trusted} peers alone, and at least one must be named. What holds for each peer:
 *
 * <table>
 * <caption>What happens to a connection</caption>
 * <tr><th>peer</th><th>it sends</th><th>outcome</th></tr>
 * <tr><td>trusted</td><td>a header</td><td>served with the header's addresses</td></tr>
 * <tr><td>trusted</td><td>a header that is wrong, or none within {@code limits.requestHeadersTimeout}</td>
 *     <td>closed without a byte</td></tr>
 * <tr><td>trusted</td><td>something else</td><td>closed without a byte, or served with its own address when
 *     {@link Builder#headerRequired headerRequired} is false</td></tr>
 * <tr><td>not trusted</td><td>anything</td><td>closed without a byte, or served with its own address when
 *     {@link Builder#refuseUntrusted refuseUntrusted} is false; a header is then nothing but bad HTTP</td></tr>
 * </table>
 */
public final class ProxyProtocolOptions {

    private final List<CidrBlock> trusted;
    private final boolean trustUnixSockets;
    private final boolean headerRequired;
    private final boolean refuseUntrusted;
    private final int maxTlvSize;

    private ProxyProtocolOptions(Builder from) {
        trusted = List.copyOf(from.trusted);
        trustUnixSockets = from.trustUnixSockets;
        headerRequired = from.headerRequired;
        refuseUntrusted = from.refuseUntrusted;
        maxTlvSize = from.maxTlvSize;
    }

    /**
     * Starts with the defaults, which trust nobody.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Whose headers are believed.
     *
     * @return ranges of addresses
     */
    public List<CidrBlock> trusted() {
        return trusted;
    }

    /**
     * Whether peers on a Unix domain socket are trusted. Default: false.
     *
     * @return true when they are
     */
    public boolean trustUnixSockets() {
        return trustUnixSockets;
    }

    /**
     * Whether a trusted peer must send a header. Default: true.
     *
     * @return true when it must
     */
    public boolean headerRequired() {
        return headerRequired;
    }

    /**
     * Whether peers that are not trusted are refused. Default: true.
     *
     * @return true when they are
     */
    public boolean refuseUntrusted() {
        return refuseUntrusted;
    }

    /**
     * How many bytes of extensions (TLVs) a version 2 header may have. Default: 4096.
     *
     * @return bytes, from 0 to 65535
     */
    public int maxTlvSize() {
        return maxTlvSize;
    }

    /**
     * Whether the headers of a peer are believed.
     *
     * @param peer the peer's own address
     * @return true when it is trusted
     */
    public boolean isTrusted(@Nullable SocketAddress peer) {
        return switch (peer) {
            case InetSocketAddress inet -> {
                InetAddress address = inet.getAddress();
                yield address != null
                        && trusted.stream().anyMatch(block -> block.contains(address));
            }
            case UnixDomainSocketAddress unix -> trustUnixSockets;
            case null, default -> false;
        };
    }

    /** Collects the options. Not safe for several threads at once. */
    public static final class Builder {

        private static final Ranges RANGES = new Ranges("proxyProtocol.");

        private final List<CidrBlock> trusted = new ArrayList<>();
        private boolean trustUnixSockets;
        private boolean headerRequired = true;
        private boolean refuseUntrusted = true;
        private int maxTlvSize = 4096;

        private Builder() {}

        /**
         * Believes the headers of peers in a range.
         *
         * @param range an address, or a range such as {@code 10.0.0.0/8}
         * @return this
         * @throws IllegalArgumentException when the text is not a range
         */
        public Builder trust(String range) {
            return trust(CidrBlock.parse(range));
        }

        /**
         * Believes the headers of peers in a range.
         *
         * @param range the range
         * @return this
         */
        public Builder trust(CidrBlock range) {
            trusted.add(Objects.requireNonNull(range, "range"));
            return this;
        }

        /**
         * Believes the headers of whoever can connect to a Unix domain socket, which the
         * permissions of its file decide.
         *
         * @return this
         */
        public Builder trustUnixSockets() {
            trustUnixSockets = true;
            return this;
        }

        /**
         * Sets whether a trusted peer must send a header.
         *
         * @param value true for yes, the default; false serves those that send none with their own
         *     address
         * @return this
         */
        public Builder headerRequired(boolean value) {
            headerRequired = value;
            return this;
        }

        /**
         * Sets whether peers that are not trusted are refused.
         *
         * @param value true for yes, the default; false serves them with their own address, and
         *     believes no header
         * @return this
         */
        public Builder refuseUntrusted(boolean value) {
            refuseUntrusted = value;
            return this;
        }

        /**
         * Sets how many bytes of extensions a version 2 header may have.
         *
         * @param bytes from 0 to 65535; default: 4096
         * @return this
         * @throws IllegalArgumentException when the number is out of range
         */
        public Builder maxTlvSize(int bytes) {
            RANGES.between("maxTlvSize", bytes, 0, 65535);
            maxTlvSize = bytes;
            return this;
        }

        /**
         * Makes the options.
         *
         * @return an immutable object
         * @throws IllegalArgumentException when nobody is trusted
         */
        public ProxyProtocolOptions build() {
            if (trusted.isEmpty() && !trustUnixSockets) {
                throw new IllegalArgumentException(
                        "proxyProtocol trusts nobody: name the proxies with trust(\"10.0.0.0/8\")"
                                + " or trustUnixSockets()");
            }
            return new ProxyProtocolOptions(this);
        }
    }
}
