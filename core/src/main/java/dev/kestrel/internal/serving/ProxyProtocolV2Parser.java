package dev.kestrel.internal.serving;

import dev.kestrel.pipelines.ByteSequence;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;

/**
 * The block of version 2 (section 2.2 of the specification): a signature of 12 bytes, version and
 * command, family and transport, the length of the rest, the addresses, and extensions.
 */
final class ProxyProtocolV2Parser {

    static final int FIXED_LENGTH = 16;
    private static final int INET_LENGTH = 12;
    private static final int INET6_LENGTH = 36;
    private static final int UNIX_LENGTH = 216;
    private static final int UNIX_PATH = 108;

    private final int maxTlvSize;

    ProxyProtocolV2Parser(int maxTlvSize) {
        this.maxTlvSize = maxTlvSize;
    }

    /** Reads the block, whose signature was seen; {@code null} when it has not come whole. */
    @Nullable ProxyHeader parse(ByteSequence bytes) throws ProxyProtocolException {
        // Everything that can be wrong is found as soon as its byte is there.
        if (bytes.length() <= 12) {
            return null;
        }
        boolean local = isLocal(bytes.get(12));
        if (bytes.length() < FIXED_LENGTH) {
            return null;
        }
        int family = bytes.get(13) & 0xff;
        int rest = (bytes.get(14) & 0xff) << 8 | bytes.get(15) & 0xff;
        int addresses = local ? 0 : addressLength(family);
        // The block of a local or unspecified header is skipped, whatever family's addresses are in
        // it.
        int most = (addresses == 0 ? UNIX_LENGTH : addresses) + maxTlvSize;
        if (rest < addresses) {
            throw new ProxyProtocolException(
                    "version 2: too short for the addresses of its family");
        }
        if (rest > most) {
            throw new ProxyProtocolException(
                    "version 2: " + rest + " bytes are more than the " + most + " allowed");
        }
        int length = FIXED_LENGTH + rest;
        if (bytes.length() < length) {
            return null;
        }
        if (addresses == 0) {
            return ProxyHeader.withoutAddresses(length, 2, local);
        }
        return whole(bytes.slice(0, length).toByteArray(), family, addresses);
    }

    private static boolean isLocal(byte versionAndCommand) throws ProxyProtocolException {
        return switch (versionAndCommand) {
            case 0x20 -> true;
            case 0x21 -> false;
            default -> throw new ProxyProtocolException("version 2: unknown version or command");
        };
    }

    /** How many bytes the two addresses of a family have; zero for the family "unspecified". */
    private static int addressLength(int family) throws ProxyProtocolException {
        return switch (family) {
            case 0x00 -> 0;
            case 0x11, 0x12 -> INET_LENGTH;
            case 0x21, 0x22 -> INET6_LENGTH;
            case 0x31, 0x32 -> UNIX_LENGTH;
            // "Other values are unspecified [...] and must be rejected as invalid by receivers."
            default -> throw new ProxyProtocolException("version 2: unknown family or transport");
        };
    }

    private static ProxyHeader whole(byte[] header, int family, int addresses)
            throws ProxyProtocolException {
        SocketAddress client;
        SocketAddress server;
        if (addresses == UNIX_LENGTH) {
            client = unix(header, FIXED_LENGTH);
            server = unix(header, FIXED_LENGTH + UNIX_PATH);
        } else {
            int size = addresses == INET_LENGTH ? 4 : 16;
            int ports = FIXED_LENGTH + 2 * size;
            client = inet(header, FIXED_LENGTH, size, ports);
            server = inet(header, FIXED_LENGTH + size, size, ports + 2);
        }
        ProxyProtocolTlvs tlvs = ProxyProtocolTlvs.parse(header, FIXED_LENGTH + addresses);
        return new ProxyHeader(
                header.length,
                2,
                false,
                (family & 0x0f) == 2,
                client,
                server,
                tlvs.list(),
                tlvs.ssl());
    }

    private static InetSocketAddress inet(byte[] header, int at, int size, int portAt) {
        int port = (header[portAt] & 0xff) << 8 | header[portAt + 1] & 0xff;
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(Arrays.copyOfRange(header, at, at + size)), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Neither 4 nor 16 bytes", e);
        }
    }

    /**
     * A path that ends at its first zero byte; a name that begins with one (Linux, abstract) is no
     * path and left out.
     */
    private static UnixDomainSocketAddress unix(byte[] header, int at)
            throws ProxyProtocolException {
        int end = at;
        while (end < at + UNIX_PATH && header[end] != 0) {
            if (header[end] >= 0 && header[end] < ' ' || header[end] == 0x7f) {
                // Legal in a file name, but addresses are written to logs.
                throw new ProxyProtocolException(
                        "version 2: a Unix socket's path has a control character");
            }
            end++;
        }
        try {
            return UnixDomainSocketAddress.of(
                    new String(header, at, end - at, StandardCharsets.UTF_8));
        } catch (InvalidPathException e) {
            throw new ProxyProtocolException("version 2: a Unix socket's path is malformed");
        }
    }
}
