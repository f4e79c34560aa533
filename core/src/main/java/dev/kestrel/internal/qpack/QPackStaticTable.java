package dev.kestrel.internal.qpack;

import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.hpack.HPackName;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The static table (RFC 9204 appendix A). Its indices begin at zero, and entries of one name are
 * not always next to each other.
 */
final class QPackStaticTable {

    /** How many entries there are. */
    static final int SIZE = 99;

    /** What the ways to find an entry answer when there is none. */
    static final int NONE = -1;

    private static final String[] ENTRIES = {
        ":authority: ",
        ":path: /",
        "age: 0",
        "content-disposition: ",
        "content-length: 0",
        "cookie: ",
        "date: ",
        "etag: ",
        "if-modified-since: ",
        "if-none-match: ",
        "last-modified: ",
        "link: ",
        "location: ",
        "referer: ",
        "set-cookie: ",
        ":method: CONNECT",
        ":method: DELETE",
        ":method: GET",
        ":method: HEAD",
        ":method: OPTIONS",
        ":method: POST",
        ":method: PUT",
        ":scheme: http",
        ":scheme: https",
        ":status: 103",
        ":status: 200",
        ":status: 304",
        ":status: 404",
        ":status: 503",
        "accept: */*",
        "accept: application/dns-message",
        "accept-encoding: gzip, deflate, br",
        "accept-ranges: bytes",
        "access-control-allow-headers: cache-control",
        "access-control-allow-headers: content-type",
        "access-control-allow-origin: *",
        "cache-control: max-age=0",
        "cache-control: max-age=2592000",
        "cache-control: max-age=604800",
        "cache-control: no-cache",
        "cache-control: no-store",
        "cache-control: public, max-age=31536000",
        "content-encoding: br",
        "content-encoding: gzip",
        "content-type: application/dns-message",
        "content-type: application/javascript",
        "content-type: application/json",
        "content-type: application/x-www-form-urlencoded",
        "content-type: image/gif",
        "content-type: image/jpeg",
        "content-type: image/png",
        "content-type: text/css",
        "content-type: text/html; charset=utf-8",
        "content-type: text/plain",
        "content-type: text/plain;charset=utf-8",
        "range: bytes=0-",
        "strict-transport-security: max-age=31536000",
        "strict-transport-security: max-age=31536000; includesubdomains",
        "strict-transport-security: max-age=31536000; includesubdomains; preload",
        "vary: accept-encoding",
        "vary: origin",
        "x-content-type-options: nosniff",
        "x-xss-protection: 1; mode=block",
        ":status: 100",
        ":status: 204",
        ":status: 206",
        ":status: 302",
        ":status: 400",
        ":status: 403",
        ":status: 421",
        ":status: 425",
        ":status: 500",
        "accept-language: ",
        "access-control-allow-credentials: FALSE",
        "access-control-allow-credentials: TRUE",
        "access-control-allow-headers: *",
        "access-control-allow-methods: get",
        "access-control-allow-methods: get, post, options",
        "access-control-allow-methods: options",
        "access-control-expose-headers: content-length",
        "access-control-request-headers: content-type",
        "access-control-request-method: get",
        "access-control-request-method: post",
        "alt-svc: clear",
        "authorization: ",
        "content-security-policy: script-src 'none'; object-src 'none'; base-uri 'none'",
        "early-data: 1",
        "expect-ct: ",
        "forwarded: ",
        "if-range: ",
        "origin: ",
        "purpose: prefetch",
        "server: ",
        "timing-allow-origin: *",
        "upgrade-insecure-requests: 1",
        "user-agent: ",
        "x-forwarded-for: ",
        "x-frame-options: deny",
        "x-frame-options: sameorigin",
    };

    private static final int FIRST_STATUS = 100;
    private static final int STATUSES = 500;

    private static final HPackName[] NAMES = new HPackName[SIZE];
    private static final String[] VALUES = new String[SIZE];

    /** By entry, the next one with the same name. */
    private static final byte[] NEXT = new byte[SIZE];

    // The first entry of a name.
    private static final byte[] BY_KNOWN = new byte[KnownHeader.values().length];
    private static final Map<String, Integer> BY_TEXT = new HashMap<>();

    private static final byte[] BY_STATUS = new byte[STATUSES];

    static {
        Arrays.fill(BY_KNOWN, (byte) NONE);
        Arrays.fill(BY_STATUS, (byte) NONE);
        for (int i = SIZE - 1; i >= 0; i--) {
            // A name may begin with a colon.
            int colon = ENTRIES[i].indexOf(": ");
            HPackName name = HPackName.of(ENTRIES[i].substring(0, colon));
            NAMES[i] = name;
            VALUES[i] = ENTRIES[i].substring(colon + 2);
            Integer next = BY_TEXT.put(name.text(), i);
            NEXT[i] = (byte) (next == null ? NONE : next);
            KnownHeader known = name.known();
            if (known != null) {
                BY_KNOWN[known.ordinal()] = (byte) i;
            }
            if (name.text().equals(":status")) {
                BY_STATUS[Integer.parseInt(VALUES[i]) - FIRST_STATUS] = (byte) i;
            }
        }
    }

    private QPackStaticTable() {}

    /** The name of an entry. */
    static HPackName name(int index) {
        return NAMES[index];
    }

    /** The value of an entry, often empty. */
    static String value(int index) {
        return VALUES[index];
    }

    /** The first entry with this name, or {@link #NONE}. */
    static int findName(HPackName name) {
        KnownHeader known = name.known();
        if (known != null && name == HPackName.of(known)) {
            return BY_KNOWN[known.ordinal()];
        }
        Integer first = BY_TEXT.get(name.text());
        return first == null ? NONE : first;
    }

    /**
     * The entry with this value, or {@link #NONE}.
     *
     * @param first what {@link #findName} has answered
     */
    static int findValue(int first, String value) {
        int index = first;
        while (index != NONE && !VALUES[index].equals(value)) {
            index = NEXT[index];
        }
        return index;
    }

    /** The entry of {@code :status} with this value, or {@link #NONE}. */
    static int findStatus(int status) {
        int index = status - FIRST_STATUS;
        return index >= 0 && index < STATUSES ? BY_STATUS[index] : NONE;
    }
}
