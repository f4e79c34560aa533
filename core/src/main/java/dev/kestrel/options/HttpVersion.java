package dev.kestrel.options;

/** A version of HTTP that an endpoint can speak. */
public enum HttpVersion {
    /** HTTP/1.1 and HTTP/1.0. */
    HTTP_1_1("HTTP/1.1"),
    /** HTTP/2, over TLS by ALPN, and in clear text by prior knowledge (RFC 9113 section 3). */
    HTTP_2("HTTP/2"),
    /** HTTP/3, over QUIC on the same port number (RFC 9114); needs TLS and a transport for it. */
    HTTP_3("HTTP/3");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
