package dev.kestrel.internal.http1;

import dev.kestrel.http.FieldSyntax;

/** The bytes of HTTP/1.1: which may stand where. */
final class Http1Syntax {

    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (int c = 0; c < 128; c++) {
            TOKEN[c] = FieldSyntax.isTokenCharacter(c);
        }
    }

    private Http1Syntax() {}

    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /** Whether the bytes at an index are the same as those of a text of ASCII. */
    static boolean matches(byte[] array, int from, int to, String ascii) {
        if (to - from != ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (array[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The method with these bytes: a shared text for the usual ones. */
    // The constructor that makes Latin-1 text without looking at the bytes twice.
    @SuppressWarnings("deprecation")
    static String method(byte[] array, int from, int to) {
        String known =
                switch (to - from) {
                    case 3 -> array[from] == 'G' ? "GET" : "PUT";
                    case 4 -> array[from] == 'P' ? "POST" : "HEAD";
                    case 5 -> array[from] == 'P' ? "PATCH" : "TRACE";
                    case 6 -> "DELETE";
                    case 7 -> array[from] == 'O' ? "OPTIONS" : "CONNECT";
                    default -> "";
                };
        return matches(array, from, to, known) ? known : new String(array, 0, from, to - from);
    }
}
