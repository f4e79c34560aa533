package dev.kestrel.internal.hpack;

/** The static table (RFC 7541 appendix A). Its indices begin at one. */
final class HPackStaticTable {

    /** How many entries there are. */
    static final int SIZE = 61;

    private static final String[] NAMES = {
        ":authority",
        ":method",
        ":method",
        ":path",
        ":path",
        ":scheme",
        ":scheme",
        ":status",
        ":status",
        ":status",
        ":status",
        ":status",
        ":status",
        ":status",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "accept",
        "access-control-allow-origin",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "link",
        "location",
        "max-forwards",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "refresh",
        "retry-after",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "user-agent",
        "vary",
        "via",
        "www-authenticate"
    };

    private static final String[] VALUES = values();

    private HPackStaticTable() {}

    /**
     * The text of an entry's name. Entries of one name are next to each other.
     *
     * @param index from 1 to {@link #SIZE}
     */
    static String nameText(int index) {
        return NAMES[index - 1];
    }

    /**
     * The value of an entry, often empty.
     *
     * @param index from 1 to {@link #SIZE}
     */
    static String value(int index) {
        return VALUES[index - 1];
    }

    /** The entry with this name and value, or zero. */
    static int find(HPackName name, String value) {
        int first = name.staticIndex();
        if (first == 0) {
            return 0;
        }
        for (int i = first; i <= SIZE && NAMES[i - 1].equals(name.text()); i++) {
            if (VALUES[i - 1].equals(value)) {
                return i;
            }
        }
        return 0;
    }

    private static String[] values() {
        String[] values = new String[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = valueOf(i + 1);
        }
        return values;
    }

    private static String valueOf(int index) {
        return switch (index) {
            case 2 -> "GET";
            case 3 -> "POST";
            case 4 -> "/";
            case 5 -> "/index.html";
            case 6 -> "http";
            case 7 -> "https";
            case 8 -> "200";
            case 9 -> "204";
            case 10 -> "206";
            case 11 -> "304";
            case 12 -> "400";
            case 13 -> "404";
            case 14 -> "500";
            case 16 -> "gzip, deflate";
            default -> "";
        };
    }
}
