package dev.kestrel.internal.hpack;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which fields are kept in the dynamic table.
 *
 * <ul>
 *   <li>Never: {@code set-cookie}, {@code authorization}, {@code proxy-authorization}; {@code
 *       content-disposition}, whose file name may be private; a {@code cookie} under 20 octets, for
 *       what is short can be guessed (RFC 7541 section 7.1.3). A longer cookie has the entropy to
 *       withstand that, and it is the field that repeats most.
 *   <li>Not: what belongs to one resource or one message, such as {@code content-length}, {@code
 *       etag} or {@code :path}. It would push out what repeats.
 *   <li>All others are kept; {@code date}, too, which all answers of a second share.
 * </ul>
 *
 * <p>Immutable; one may serve all connections.
 */
public final class HPackIndexingPolicy {

    /** What is said above, and nothing more. */
    public static final HPackIndexingPolicy DEFAULT = new HPackIndexingPolicy(Set.of());

    private static final int SHORT_COOKIE = 20;

    private final Set<String> never;

    private HPackIndexingPolicy(Set<String> never) {
        this.never = never;
    }

    /**
     * A policy that treats more names as secrets.
     *
     * @param names names of fields, in any case
     */
    public HPackIndexingPolicy withNeverIndexed(Set<String> names) {
        Set<String> all = new HashSet<>(never);
        names.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        return new HPackIndexingPolicy(Set.copyOf(all));
    }

    /** How a field is written. */
    public HPackIndexing choose(HPackName name, String value) {
        if (!never.isEmpty() && never.contains(name.text())) {
            return HPackIndexing.NEVER_INDEXED;
        }
        return switch (name.text()) {
            case "set-cookie", "authorization", "proxy-authorization", "content-disposition" ->
                    HPackIndexing.NEVER_INDEXED;
            case "cookie" ->
                    value.length() < SHORT_COOKIE
                            ? HPackIndexing.NEVER_INDEXED
                            : HPackIndexing.INDEXED;
            case ":path",
                    "age",
                    "content-length",
                    "content-range",
                    "etag",
                    "expires",
                    "if-match",
                    "if-modified-since",
                    "if-none-match",
                    "if-range",
                    "if-unmodified-since",
                    "last-modified",
                    "location",
                    "range",
                    "sec-websocket-accept",
                    "sec-websocket-key",
                    "traceparent",
                    "tracestate" ->
                    HPackIndexing.NOT_INDEXED;
            default -> HPackIndexing.INDEXED;
        };
    }
}
