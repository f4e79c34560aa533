package dev.kestrel.app.files;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding of paths (RFC 3986 section 3.3). */
final class UrlPath {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UrlPath() {}

    /** Encodes a name so that it is one segment, whatever its characters. */
    static String encodeSegment(String name) {
        return encode(name, "-._~!$&'()*+,;=@");
    }

    /** Encodes a path; its slashes stay. */
    static String encode(String path) {
        return encode(path, "-._~!$&'()*+,;=@:/");
    }

    /**
     * The colon is encoded in segments: a relative reference must not begin with what looks like a
     * scheme.
     */
    private static String encode(String text, String unescaped) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (plain || unescaped.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }
}
