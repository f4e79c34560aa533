package dev.kestrel.cli.certificates;

import java.net.IDN;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A name that a certificate is for: a host name, a pattern such as {@code *.localhost}, or an
 * address. Immutable; two spellings of a name are equal.
 *
 * @param text the name in lower case, or the address without brackets
 * @param isAddress whether it is an address
 */
public record HostName(String text, boolean isAddress) {

    /** RFC 1123 section 2.1, with the asterisk of RFC 6125 section 6.4.3 as a whole label. */
    private static final Pattern NAME =
            Pattern.compile(
                    "(\\*\\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private static final int LONGEST = 253;

    /** What every development certificate is for. */
    public static final List<HostName> LOCAL =
            List.of(of("localhost"), of("*.localhost"), of("127.0.0.1"), of("::1"));

    /**
     * Reads a name.
     *
     * @param text a host name, a pattern or an address
     * @return the name
     * @throws IllegalArgumentException when it is none of these
     */
    public static HostName of(String text) {
        boolean brackets = text.startsWith("[") && text.endsWith("]");
        String bare = brackets ? text.substring(1, text.length() - 1) : text;
        if (bare.contains(":") || bare.matches("[0-9.]+")) {
            return address(bare);
        }
        String name = bare.startsWith("*.") ? "*." + ascii(bare.substring(2)) : ascii(bare);
        if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
            throw unusable(text);
        }
        return new HostName(name, false);
    }

    private static HostName address(String text) {
        try {
            // No zone, and not the short forms of IPv4 such as 127.1.
            if (!text.matches("[0-9A-Fa-f:.]+")
                    || !(text.contains(":") || IPV4.matcher(text).matches())) {
                throw unusable(text);
            }
            return new HostName(shortest(InetAddress.ofLiteral(text)), true);
        } catch (IllegalArgumentException e) {
            throw unusable(text);
        }
    }

    private static String ascii(String name) {
        try {
            return IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw unusable(name);
        }
    }

    private static IllegalArgumentException unusable(String text) {
        return new IllegalArgumentException(
                "'"
                        + text
                        + "' is not a host name, a pattern such as *.example.test or an address");
    }

    /** As people write it: the address of this machine is ::1. */
    static String shortest(InetAddress address) {
        String text = address.getHostAddress();
        return text.equals("0:0:0:0:0:0:0:1") ? "::1" : text;
    }

    /** The name without its asterisk: what has to be allowed so that this name is. */
    String domain() {
        return text.startsWith("*.") ? text.substring(2) : text;
    }

    /** The bytes of an address. */
    byte[] bytes() {
        return InetAddress.ofLiteral(text).getAddress();
    }

    static Set<HostName> all(Collection<HostName> first, Collection<HostName> second) {
        Set<HostName> all = new LinkedHashSet<>(first);
        all.addAll(second);
        return all;
    }

    @Override
    public String toString() {
        return text;
    }
}
