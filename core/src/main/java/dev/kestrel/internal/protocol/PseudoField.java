package dev.kestrel.internal.protocol;

/** The pseudo-header fields of requests (RFC 9113 section 8.3.1, RFC 9114 section 4.3.1). */
public enum PseudoField {
    METHOD,
    SCHEME,
    AUTHORITY,
    PATH,
    /** Of an extended CONNECT (RFC 8441 section 4, RFC 9220 section 3). */
    PROTOCOL
}
