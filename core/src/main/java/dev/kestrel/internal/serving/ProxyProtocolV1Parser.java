package dev.kestrel.internal.serving;

import dev.kestrel.pipelines.ByteSequence;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The line of version 1 (section 2.1 of the specification): {@code PROXY TCP4 192.0.2.1
 * 198.51.100.1 56324 443} and CRLF. The grammar is taken by the letter: single spaces, canonical
 * numbers, CRLF alone ends the line.
 */
final class ProxyProtocolV1Parser {

    /** "A 108-byte buffer is always enough to store all the line and a trailing zero". */
    static final int MAX_LENGTH = 107;

    private ProxyProtocolV1Parser() {}

    /** Reads the line; {@code null} when its end has not come. */
    static @Nullable ProxyHeader parse(ByteSequence bytes) throws ProxyProtocolException {
        int end = endOfLine(bytes);
        if (end < 0) {
            return null;
        }
        String line = bytes.slice(0, end).toString(StandardCharsets.ISO_8859_1);
        int length = end + 2;
        if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
            // "the receiver must ignore anything presented before the CRLF"
            return ProxyHeader.withoutAddresses(length, 1, false);
        }
        String[] fields = line.split(" ", -1);
        if (fields.length != 6) {
            throw new ProxyProtocolException(
                    "version 1: expected a protocol, two addresses and two ports");
        }
        boolean six = fields[1].equals("TCP6");
        if (!six && !fields[1].equals("TCP4")) {
            throw new ProxyProtocolException(
                    "version 1: the protocol is not TCP4, TCP6 or UNKNOWN");
        }
        InetAddress client = six ? ipv6(fields[2]) : ipv4(fields[2]);
        InetAddress server = six ? ipv6(fields[3]) : ipv4(fields[3]);
        return new ProxyHeader(
                length,
                1,
                false,
                false,
                new InetSocketAddress(client, port(fields[4])),
                new InetSocketAddress(server, port(fields[5])),
                List.of(),
                null);
    }

    /** The index of the CRLF, or -1 when it has not come. */
    private static int endOfLine(ByteSequence bytes) throws ProxyProtocolException {
        int limit = (int) Math.min(bytes.length(), MAX_LENGTH);
        for (int i = 0; i < limit; i++) {
            byte b = bytes.get(i);
            if (b == '\n') {
                throw new ProxyProtocolException("version 1: LF without CR");
            }
            if (b == '\r') {
                if (i + 1 == MAX_LENGTH) {
                    break;
                }
                if (i + 1 == limit) {
                    return -1;
                }
                if (bytes.get(i + 1) != '\n') {
                    throw new ProxyProtocolException("version 1: CR without LF");
                }
                return i;
            }
        }
        if (limit == MAX_LENGTH) {
            throw new ProxyProtocolException(
                    "version 1: the line is longer than " + MAX_LENGTH + " bytes");
        }
        return -1;
    }

    private static InetAddress ipv4(String text) throws ProxyProtocolException {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        if (parts.length != 4) {
            throw new ProxyProtocolException("version 1: an IPv4 address is malformed");
        }
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) number(parts[i], 255);
        }
        return address(bytes);
    }

    private static int port(String text) throws ProxyProtocolException {
        return number(text, 65535);
    }

    /** "Heading zeroes are not permitted in front of numbers". */
    private static int number(String text, int most) throws ProxyProtocolException {
        int value = -1;
        if (!text.isEmpty()
                && text.length() <= 5
                && (text.length() == 1 || text.charAt(0) != '0')) {
            value = 0;
            for (int i = 0; i < text.length(); i++) {
                int digit = text.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    throw new ProxyProtocolException("version 1: a number is malformed");
                }
                value = value * 10 + digit;
            }
        }
        if (value < 0 || value > most) {
            throw new ProxyProtocolException("version 1: a number is malformed or above " + most);
        }
        return value;
    }

    /**
     * Groups of up to four hexadecimal digits, with at most one {@code ::} for at least one group.
     */
    private static InetAddress ipv6(String text) throws ProxyProtocolException {
        int gap = text.indexOf("::");
        byte[] bytes = new byte[16];
        if (gap < 0) {
            if (groups(text, bytes, 0) != 8) {
                throw new ProxyProtocolException("version 1: an IPv6 address is malformed");
            }
            return address(bytes);
        }
        String head = text.substring(0, gap);
        String tail = text.substring(gap + 2);
        byte[] behind = new byte[16];
        int before = head.isEmpty() ? 0 : groups(head, bytes, 0);
        int after = tail.isEmpty() ? 0 : groups(tail, behind, 0);
        if (before + after > 7) {
            throw new ProxyProtocolException("version 1: an IPv6 address is malformed");
        }
        System.arraycopy(behind, 0, bytes, 16 - 2 * after, 2 * after);
        return address(bytes);
    }

    private static int groups(String text, byte[] into, int from) throws ProxyProtocolException {
        int at = from;
        for (String group : text.split(":", -1)) {
            if (group.isEmpty() || group.length() > 4 || at == 8) {
                throw new ProxyProtocolException("version 1: an IPv6 address is malformed");
            }
            int value = 0;
            for (int i = 0; i < group.length(); i++) {
                // Character.digit would also take digits of other scripts.
                int digit = group.charAt(i) < 128 ? Character.digit(group.charAt(i), 16) : -1;
                if (digit < 0) {
                    throw new ProxyProtocolException("version 1: an IPv6 address is malformed");
                }
                value = value << 4 | digit;
            }
            into[2 * at] = (byte) (value >> 8);
            into[2 * at + 1] = (byte) value;
            at++;
        }
        return at;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Neither 4 nor 16 bytes", e);
        }
    }
}
