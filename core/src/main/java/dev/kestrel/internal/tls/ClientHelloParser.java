package dev.kestrel.internal.tls;

import dev.kestrel.connections.tls.TlsClientHello;

import org.jspecify.annotations.Nullable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads a ClientHello (RFC 8446 section 4.1.2): only what is needed to choose what it is answered
 * with. Whether it is right in all is for the engine to say.
 */
final class ClientHelloParser {

    private static final int SERVER_NAME = 0;
    private static final int APPLICATION_PROTOCOLS = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int HEADER = 4;
    private static final int RANDOM = 32;

    /** RFC 1035 section 2.3.4. */
    private static final int LONGEST_NAME = 253;

    private final ByteBuffer in;
    private final byte[] message;
    private @Nullable String serverName;
    private final List<String> protocols = new ArrayList<>();
    private final List<Integer> versions = new ArrayList<>();
    private final List<Integer> suites = new ArrayList<>();

    private ClientHelloParser(byte[] message) {
        this.message = message;
        in = ByteBuffer.wrap(message);
    }

    /** Reads a whole message, with its header; {@code null} when it is malformed. */
    static @Nullable TlsClientHello parse(byte[] message) {
        ClientHelloParser parser = new ClientHelloParser(message);
        try {
            parser.read();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null;
        }
        return new TlsClientHello(
                parser.serverName, parser.protocols, parser.versions, parser.suites, message);
    }

    private void read() {
        in.position(HEADER);
        int legacyVersion = in.getShort() & 0xffff;
        skip(RANDOM);
        skip(in.get() & 0xff);
        shorts(in.getShort() & 0xffff, suites);
        skip(in.get() & 0xff);
        if (in.hasRemaining()) {
            int end = in.position() + 2 + (in.getShort() & 0xffff);
            while (in.position() < end) {
                extension(in.getShort() & 0xffff, in.getShort() & 0xffff);
            }
        }
        if (versions.isEmpty()) {
            versions.add(legacyVersion);
        }
    }

    private void extension(int type, int length) {
        int end = in.position() + length;
        switch (length == 0 ? -1 : type) {
            case SERVER_NAME -> serverNames(in.position() + 2 + (in.getShort() & 0xffff));
            case APPLICATION_PROTOCOLS -> {
                int last = in.position() + 2 + (in.getShort() & 0xffff);
                while (in.position() < last) {
                    protocols.add(text(in.get() & 0xff));
                }
            }
            case SUPPORTED_VERSIONS -> shorts(in.get() & 0xff, versions);
            default -> {}
        }
        in.position(end);
    }

    private void serverNames(int end) {
        while (in.position() < end) {
            int type = in.get();
            String name = text(in.getShort() & 0xffff);
            if (type == 0 && serverName == null && isHostName(name)) {
                serverName = name.toLowerCase(Locale.ROOT);
            }
        }
    }

    /** RFC 6066 section 3: ASCII, and without a dot at its end. An underscore is known to occur. */
    private static boolean isHostName(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean good =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '-'
                            || c == '_'
                            || c == '.';
            if (!good) {
                return false;
            }
        }
        return name.charAt(0) != '.' && !name.endsWith(".") && !name.contains("..");
    }

    private void shorts(int length, List<Integer> into) {
        for (int i = 0; i < length / 2; i++) {
            into.add(in.getShort() & 0xffff);
        }
        skip(length % 2);
    }

    private String text(int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        String text = new String(message, in.position(), length, StandardCharsets.ISO_8859_1);
        skip(length);
        return text;
    }

    private void skip(int count) {
        in.position(in.position() + count);
    }
}
