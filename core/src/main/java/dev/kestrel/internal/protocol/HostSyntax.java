package dev.kestrel.internal.protocol;

/**
 * The grammar of {@code Host} and {@code :authority}: a name, an IPv4 address or an IPv6 address in
 * brackets, and a port (RFC 9110 section 7.2, RFC 3986 section 3.2). Narrower than the grammar by
 * the comma, which is how two fields get merged into one, by the asterisk and by percent-encoding.
 */
public final class HostSyntax {

    private HostSyntax() {}

    /** Whether a text may stand in a {@code Host} field. An empty one may. */
    public static boolean isValid(String host) {
        int length = host.length();
        if (length == 0) {
            return true;
        }
        int end = host.charAt(0) == '[' ? endOfAddress(host) : endOfName(host);
        return end > 0 && (end == length || isPort(host, end));
    }

    private static int endOfAddress(String host) {
        int close = host.indexOf(']');
        // The shortest that the original takes is [::1].
        if (close < 4) {
            return -1;
        }
        for (int i = 1; i < close; i++) {
            char c = host.charAt(i);
            boolean hex = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
            if (!hex && c != ':' && c != '.') {
                return -1;
            }
        }
        return close + 1;
    }

    private static int endOfName(String host) {
        int i = 0;
        while (i < host.length() && host.charAt(i) != ':') {
            if (!isNameCharacter(host.charAt(i))) {
                return -1;
            }
            i++;
        }
        return i;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~!$&'()+;=".indexOf(c) >= 0;
    }

    private static boolean isPort(String host, int colon) {
        if (host.charAt(colon) != ':' || colon + 1 == host.length()) {
            return false;
        }
        for (int i = colon + 1; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a {@code Host} names the same as the authority of an absolute-form target: equal
     * without case, where the scheme's default port may be given or left out.
     */
    public static boolean sameAuthority(String host, String authority, String scheme) {
        if (host.equalsIgnoreCase(authority)) {
            return true;
        }
        String port = scheme.equals("https") ? ":443" : ":80";
        return withoutSuffix(host, port).equalsIgnoreCase(withoutSuffix(authority, port));
    }

    private static String withoutSuffix(String text, String suffix) {
        return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
    }
}
