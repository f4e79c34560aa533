package dev.kestrel.options;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Objects;

/**
 * A range of addresses, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32} (RFC 4632 section 3.1).
 */
public final class CidrBlock {

    private final byte[] network;
    private final int prefixLength;

    private CidrBlock(byte[] network, int prefixLength) {
        this.network = network;
        this.prefixLength = prefixLength;
    }

    /**
     * Reads a range. Names are not looked up.
     *
     * @param text an IPv4 or IPv6 address, alone or with {@code /} and the length of the prefix in
     *     bits
     * @return the range; of one address when there is no prefix length
     * @throws IllegalArgumentException when the text is not a range, or has bits set behind its
     *     prefix
     */
    public static CidrBlock parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] network = literal(address, text);
        int bits = network.length * 8;
        int length = slash < 0 ? bits : prefixLength(text.substring(slash + 1), bits, text);
        CidrBlock block = new CidrBlock(network, length);
        for (int bit = length; bit < bits; bit++) {
            if ((network[bit / 8] & (0x80 >> bit % 8)) != 0) {
                throw new IllegalArgumentException(
                        "'"
                                + text
                                + "' has bits set behind its prefix of "
                                + length
                                + " bits: is the length right?");
            }
        }
        return block;
    }

    private static byte[] literal(String address, String text) {
        // The JDK also takes 10 for 0.0.0.10; here that is more likely a mistake.
        boolean plausible =
                address.indexOf(':') >= 0
                        ? address.indexOf('%') < 0 && address.indexOf('[') < 0
                        : address.chars().filter(c -> c == '.').count() == 3;
        if (plausible) {
            try {
                return InetAddress.ofLiteral(address).getAddress();
            } catch (IllegalArgumentException e) {
                // The same message for all that is wrong.
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a range of addresses such as 10.0.0.0/8 or 2001:db8::/32");
    }

    private static int prefixLength(String digits, int most, String text) {
        if (!digits.isEmpty()
                && digits.length() <= 3
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int length = Integer.parseInt(digits);
            if (length <= most) {
                return length;
            }
        }
        throw new IllegalArgumentException(
                "The prefix length of '" + text + "' must be a number from 0 to " + most);
    }

    /**
     * Whether an address lies in the range.
     *
     * @param address an address; an IPv4 address that is mapped into IPv6 counts as IPv4
     * @return false for the other family too
     */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        int whole = prefixLength / 8;
        if (!Arrays.equals(bytes, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = prefixLength % 8;
        return rest == 0 || ((bytes[whole] ^ network[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CidrBlock block
                && block.prefixLength == prefixLength
                && Arrays.equals(block.network, network);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(network), prefixLength);
    }

    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/" + prefixLength;
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("Neither 4 nor 16 bytes", e);
        }
    }
}
