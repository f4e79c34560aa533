package dev.kestrel.benchmarks.lab;

/** What a client speaks, and so which port it speaks to. */
enum Protocol {
    HTTP_1("http", false),
    H2C("http", true),
    HTTPS_1("https", false),
    HTTPS_2("https", true),
    HTTPS_3("https", false);

    private final String scheme;
    private final boolean http2;

    Protocol(String scheme, boolean http2) {
        this.scheme = scheme;
        this.http2 = http2;
    }

    boolean isHttp2() {
        return http2;
    }

    String uri(int port, String path) {
        return scheme + "://127.0.0.1:" + port + path;
    }
}
