package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.TlsClientHello;
import dev.kestrel.pipelines.ByteSequence;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Looks at what a client begins with, without taking it: the first handshake message, which may be
 * spread over records (RFC 8446 section 5.1). Memory grows as bytes come, whatever lengths they
 * claim. For one connection.
 */
final class ClientHelloPeek {

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;

    /** More than clients send with keys that quantum computers can not break. */
    static final int LONGEST_MESSAGE = 16 * 1024;

    /** What has become known. */
    enum Kind {
        /** More bytes have to come. */
        INCOMPLETE,
        /** It is {@link ClientHelloPeek#hello()}. */
        HELLO,
        /** It is TLS, but no ClientHello that can be read. */
        UNREADABLE,
        /** It is no TLS. */
        NOT_TLS
    }

    private byte[] message = new byte[512];
    private int length;

    /** Where the next record begins. */
    private long at;

    private @Nullable TlsClientHello hello;

    /** Looks at what has come so far, from the first byte on. */
    Kind look(ByteSequence bytes) {
        while (true) {
            if (bytes.length() > at && bytes.get(at) != HANDSHAKE) {
                return at == 0 ? Kind.NOT_TLS : Kind.UNREADABLE;
            }
            if (bytes.length() < at + RECORD_HEADER) {
                return at == 0 && bytes.length() > 1 && bytes.get(1) != 3
                        ? Kind.NOT_TLS
                        : Kind.INCOMPLETE;
            }
            int size = (bytes.get(at + 3) & 0xff) << 8 | bytes.get(at + 4) & 0xff;
            if (bytes.get(at + 1) != 3 || size == 0 || size > LONGEST_MESSAGE) {
                return at == 0 && bytes.get(1) != 3 ? Kind.NOT_TLS : Kind.UNREADABLE;
            }
            if (bytes.length() < at + RECORD_HEADER + size) {
                return Kind.INCOMPLETE;
            }
            append(bytes, size);
            at += RECORD_HEADER + size;
            Kind kind = messageKind();
            if (kind != Kind.INCOMPLETE) {
                return kind;
            }
        }
    }

    private void append(ByteSequence bytes, int size) {
        if (length + size > message.length) {
            message = Arrays.copyOf(message, Math.max(2 * message.length, length + size));
        }
        bytes.copyTo(at + RECORD_HEADER, message, length, size);
        length += size;
    }

    private Kind messageKind() {
        if (message[0] != CLIENT_HELLO) {
            return Kind.UNREADABLE;
        }
        if (length < MESSAGE_HEADER) {
            return Kind.INCOMPLETE;
        }
        int whole =
                MESSAGE_HEADER
                        + ((message[1] & 0xff) << 16
                                | (message[2] & 0xff) << 8
                                | message[3] & 0xff);
        if (whole > LONGEST_MESSAGE) {
            return Kind.UNREADABLE;
        }
        if (length < whole) {
            return Kind.INCOMPLETE;
        }
        hello = ClientHelloParser.parse(Arrays.copyOf(message, whole));
        message = new byte[0];
        return hello == null ? Kind.UNREADABLE : Kind.HELLO;
    }

    /** What was seen; {@code null} unless it was a {@link Kind#HELLO}. */
    @Nullable TlsClientHello hello() {
        return hello;
    }
}
