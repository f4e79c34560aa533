package dev.kestrel.internal.protocol;

/**
 * Where else the server can be reached, as each response of a connection says (RFC 7838 section 3).
 *
 * @param field the value of {@code Alt-Svc}
 */
public record AlternativeServiceFeature(String field) {}
