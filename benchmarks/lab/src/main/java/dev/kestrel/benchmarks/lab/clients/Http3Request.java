package dev.kestrel.benchmarks.lab.clients;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;

/**
 * A request as the bytes of its stream, made once: HEADERS, and DATA when there is a body (RFC 9114
 * section 4.1). Fields are encoded with the static table alone (RFC 9204 appendix A).
 */
final class Http3Request {

    private static final int DATA = 0x00;
    private static final int HEADERS = 0x01;

    private static final int METHOD_GET = 17;
    private static final int METHOD_POST = 20;
    private static final int SCHEME_HTTPS = 23;
    private static final int AUTHORITY = 0;
    private static final int PATH = 1;
    private static final int CONTENT_LENGTH = 4;

    /** A line of the static table (RFC 9204 section 4.5.2). */
    private static final int INDEXED = 0xc0;

    /** A name of the static table with another value (RFC 9204 section 4.5.4). */
    private static final int NAMED = 0x50;

    private final ByteBuf bytes;

    /** Without a body it is GET, with one POST. */
    Http3Request(String authority, String path, int bodySize) {
        ByteBuf fields = Unpooled.buffer();
        // No dynamic table: neither an insert count nor a base.
        fields.writeShort(0);
        fields.writeByte(INDEXED | (bodySize == 0 ? METHOD_GET : METHOD_POST));
        fields.writeByte(INDEXED | SCHEME_HTTPS);
        named(fields, AUTHORITY, authority);
        named(fields, PATH, path);
        if (bodySize > 0) {
            named(fields, CONTENT_LENGTH, Integer.toString(bodySize));
        }
        ByteBuf all = Unpooled.directBuffer(fields.readableBytes() + bodySize + 16);
        frame(all, HEADERS, fields.readableBytes());
        all.writeBytes(fields);
        if (bodySize > 0) {
            frame(all, DATA, bodySize);
            for (int i = 0; i < bodySize; i++) {
                all.writeByte('x');
            }
        }
        bytes = Unpooled.unreleasableBuffer(all);
    }

    ByteBuf bytes() {
        return bytes.duplicate();
    }

    /** Type and length, as an integer of four bytes (RFC 9000 section 16). */
    private static void frame(ByteBuf out, int type, int length) {
        out.writeByte(type);
        out.writeInt(0x8000_0000 | length);
    }

    private static void named(ByteBuf out, int name, String value) {
        if (value.length() >= 0x7f) {
            throw new IllegalArgumentException("too long: " + value);
        }
        out.writeByte(NAMED | name);
        out.writeByte(value.length());
        out.writeCharSequence(value, StandardCharsets.US_ASCII);
    }
}
