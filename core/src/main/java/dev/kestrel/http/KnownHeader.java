package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

/**
 * Header fields that the server knows by number, so that asking for one that is not there costs one
 * bit test. All others work just as well by name. There are at most 64.
 */
public enum KnownHeader {
    /** {@code Host}. */
    HOST("Host"),
    /** {@code Connection}. */
    CONNECTION("Connection"),
    /** {@code Content-Length}. */
    CONTENT_LENGTH("Content-Length"),
    /** {@code Transfer-Encoding}. */
    TRANSFER_ENCODING("Transfer-Encoding"),
    /** {@code Content-Type}. */
    CONTENT_TYPE("Content-Type"),
    /** {@code Date}. */
    DATE("Date"),
    /** {@code Server}. */
    SERVER("Server"),
    /** {@code Accept}. */
    ACCEPT("Accept"),
    /** {@code Accept-Encoding}. */
    ACCEPT_ENCODING("Accept-Encoding"),
    /** {@code Accept-Language}. */
    ACCEPT_LANGUAGE("Accept-Language"),
    /** {@code User-Agent}. */
    USER_AGENT("User-Agent"),
    /** {@code Cookie}. */
    COOKIE("Cookie"),
    /** {@code Set-Cookie}. */
    SET_COOKIE("Set-Cookie"),
    /** {@code Referer}. */
    REFERER("Referer"),
    /** {@code Origin}. */
    ORIGIN("Origin"),
    /** {@code Authorization}. */
    AUTHORIZATION("Authorization"),
    /** {@code Cache-Control}. */
    CACHE_CONTROL("Cache-Control"),
    /** {@code Expect}. */
    EXPECT("Expect"),
    /** {@code Upgrade}. */
    UPGRADE("Upgrade"),
    /** {@code TE}. */
    TE("TE"),
    /** {@code Trailer}. */
    TRAILER("Trailer"),
    /** {@code Keep-Alive}. */
    KEEP_ALIVE("Keep-Alive"),
    /** {@code Proxy-Connection}. */
    PROXY_CONNECTION("Proxy-Connection"),
    /** {@code Range}. */
    RANGE("Range"),
    /** {@code If-Range}. */
    IF_RANGE("If-Range"),
    /** {@code If-Match}. */
    IF_MATCH("If-Match"),
    /** {@code If-None-Match}. */
    IF_NONE_MATCH("If-None-Match"),
    /** {@code If-Modified-Since}. */
    IF_MODIFIED_SINCE("If-Modified-Since"),
    /** {@code If-Unmodified-Since}. */
    IF_UNMODIFIED_SINCE("If-Unmodified-Since"),
    /** {@code ETag}. */
    ETAG("ETag"),
    /** {@code Last-Modified}. */
    LAST_MODIFIED("Last-Modified"),
    /** {@code Accept-Ranges}. */
    ACCEPT_RANGES("Accept-Ranges"),
    /** {@code Content-Range}. */
    CONTENT_RANGE("Content-Range"),
    /** {@code Content-Encoding}. */
    CONTENT_ENCODING("Content-Encoding"),
    /** {@code Content-Language}. */
    CONTENT_LANGUAGE("Content-Language"),
    /** {@code Content-Disposition}. */
    CONTENT_DISPOSITION("Content-Disposition"),
    /** {@code Location}. */
    LOCATION("Location"),
    /** {@code Allow}. */
    ALLOW("Allow"),
    /** {@code Vary}. */
    VARY("Vary"),
    /** {@code Expires}. */
    EXPIRES("Expires"),
    /** {@code Age}. */
    AGE("Age"),
    /** {@code Pragma}. */
    PRAGMA("Pragma"),
    /** {@code Retry-After}. */
    RETRY_AFTER("Retry-After"),
    /** {@code Link}. */
    LINK("Link"),
    /** {@code Via}. */
    VIA("Via"),
    /** {@code Forwarded}. */
    FORWARDED("Forwarded"),
    /** {@code X-Forwarded-For}. */
    X_FORWARDED_FOR("X-Forwarded-For"),
    /** {@code X-Forwarded-Proto}. */
    X_FORWARDED_PROTO("X-Forwarded-Proto"),
    /** {@code X-Forwarded-Host}. */
    X_FORWARDED_HOST("X-Forwarded-Host"),
    /** {@code WWW-Authenticate}. */
    WWW_AUTHENTICATE("WWW-Authenticate"),
    /** {@code Upgrade-Insecure-Requests}. */
    UPGRADE_INSECURE_REQUESTS("Upgrade-Insecure-Requests"),
    /** {@code Sec-Fetch-Site}. */
    SEC_FETCH_SITE("Sec-Fetch-Site"),
    /** {@code Sec-Fetch-Mode}. */
    SEC_FETCH_MODE("Sec-Fetch-Mode"),
    /** {@code Sec-Fetch-Dest}. */
    SEC_FETCH_DEST("Sec-Fetch-Dest"),
    /** {@code Sec-Fetch-User}. */
    SEC_FETCH_USER("Sec-Fetch-User"),
    /** {@code Sec-WebSocket-Key}. */
    SEC_WEBSOCKET_KEY("Sec-WebSocket-Key"),
    /** {@code Sec-WebSocket-Accept}. */
    SEC_WEBSOCKET_ACCEPT("Sec-WebSocket-Accept"),
    /** {@code Access-Control-Allow-Origin}. */
    ACCESS_CONTROL_ALLOW_ORIGIN("Access-Control-Allow-Origin"),
    /** {@code Strict-Transport-Security}. */
    STRICT_TRANSPORT_SECURITY("Strict-Transport-Security"),
    /** {@code Alt-Svc}. */
    ALT_SVC("Alt-Svc"),
    /** {@code Priority}. */
    PRIORITY("Priority"),
    /** {@code traceparent}. */
    TRACEPARENT("traceparent"),
    /** {@code tracestate}. */
    TRACESTATE("tracestate");

    private static final KnownHeader[] ALL = values();
    private static final int SLOTS = 256;
    private static final KnownHeader[][] TABLE = table();

    private final String wireName;

    KnownHeader(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The name as HTTP/1.1 writes it.
     *
     * @return the name
     */
    public String wireName() {
        return wireName;
    }

    long bit() {
        return 1L << ordinal();
    }

    static KnownHeader at(int ordinal) {
        return ALL[ordinal];
    }

    /**
     * Finds a known header by its name.
     *
     * @param name a name in any case
     * @return the header, or {@code null} when it is not one of these
     */
    public static @Nullable KnownHeader find(String name) {
        int length = name.length();
        if (length == 0) {
            return null;
        }
        for (KnownHeader header : TABLE[slot(length, name.charAt(0), name.charAt(length - 1))]) {
            String known = header.wireName;
            if (known == name || (known.length() == length && matches(known, name))) {
                return header;
            }
        }
        return null;
    }

    /** Case of ASCII alone: for {@code equalsIgnoreCase} the Kelvin sign is a k. */
    private static boolean matches(String known, String name) {
        for (int i = 0; i < name.length(); i++) {
            int a = name.charAt(i);
            if (a != known.charAt(i) && ((a ^ known.charAt(i)) != 0x20 || !isLetter(a))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Finds a known header by the bytes of its name.
     *
     * @param array where the name is
     * @param from where it begins
     * @param to where it ends
     * @return the header, or {@code null} when it is not one of these
     */
    public static @Nullable KnownHeader find(byte[] array, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return null;
        }
        for (KnownHeader header : TABLE[slot(length, array[from], array[to - 1])]) {
            if (header.matches(array, from, length)) {
                return header;
            }
        }
        return null;
    }

    private boolean matches(byte[] array, int from, int length) {
        String known = wireName;
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            int a = array[from + i];
            int b = known.charAt(i);
            if (a != b && ((a ^ b) != 0x20 || !isLetter(a))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(int c) {
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    private static int slot(int length, int first, int last) {
        return (length * 7 + (first | 0x20) * 31 + (last | 0x20) * 13) & (SLOTS - 1);
    }

    private static KnownHeader[][] table() {
        KnownHeader[][] table = new KnownHeader[SLOTS][0];
        for (KnownHeader header : ALL) {
            String name = header.wireName;
            int slot = slot(name.length(), name.charAt(0), name.charAt(name.length() - 1));
            KnownHeader[] there = table[slot];
            KnownHeader[] longer = java.util.Arrays.copyOf(there, there.length + 1);
            longer[there.length] = header;
            table[slot] = longer;
        }
        return table;
    }
}
