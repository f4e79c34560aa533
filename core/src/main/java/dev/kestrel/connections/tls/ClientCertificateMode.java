package dev.kestrel.connections.tls;

/** Whether clients show a certificate (the original's type of the same name). */
public enum ClientCertificateMode {
    /** They are not asked. */
    NONE,
    /** They are asked; one that has none is served without, one that is not trusted is refused. */
    ALLOW,
    /** They are asked, and one that has none is refused. */
    REQUIRE
}
