package dev.kestrel.app;

import java.util.regex.Pattern;

/** The parts of {@code Host} and {@code :authority} (RFC 9110 section 7.2). */
final class Authority {

    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_.])?|\\[[0-9A-Fa-f:.]{2,45}]");

    private Authority() {}

    /** The host without its port; an IPv6 address keeps its brackets. */
    static String host(String authority) {
        int colon = authority.indexOf(':', authority.startsWith("[") ? authority.indexOf(']') : 0);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /**
     * Whether a host can be sent back to a client as a part of an address: a name or an address,
     * and nothing that could end it or begin something else, such as user information.
     */
    static boolean isHost(String host) {
        return HOST.matcher(host).matches();
    }
}
