package dev.kestrel.app;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Path parameters that hold a slash. In the decoded path {@code %2F} stays as it is, so that it
 * does not split a part in two, and there it can not be told from a {@code %252F} that was decoded
 * once. What was sent tells.
 */
final class RawPath {

    private static final String SLASH = "%2F";

    private RawPath() {}

    /**
     * Decodes a parameter wholly.
     *
     * @param value the part as it stands in the decoded path
     * @param part its number; -1 for what has several, which keeps its {@code %2F}
     * @param path the decoded path
     * @param rawTarget the target that was sent
     */
    static String decodeSlashes(String value, int part, String path, String rawTarget) {
        if (part < 0 || !value.toUpperCase(Locale.ROOT).contains(SLASH)) {
            return value;
        }
        String[] rawParts = rawPath(rawTarget).split("/", -1);
        // Dot segments were removed from the path but not from the target; then the parts do not
        // lie side by side.
        if (rawParts.length != path.split("/", -1).length) {
            return value;
        }
        return decode(rawParts[part + 1], value);
    }

    private static String rawPath(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
        if (scheme < 0) {
            return path;
        }
        int slash = path.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : path.substring(slash);
    }

    private static String decode(String raw, String otherwise) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            int high =
                    c == '%' && i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return otherwise;
        }
    }
}
