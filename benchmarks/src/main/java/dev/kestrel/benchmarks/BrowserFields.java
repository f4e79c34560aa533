package dev.kestrel.benchmarks;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;

/** The fields of a browser's request over HTTP/2 or HTTP/3, and of a small response. */
final class BrowserFields {

    static final String[][] REQUEST = {
        {":method", "GET"},
        {":scheme", "https"},
        {":authority", "www.example.com"},
        {":path", "/articles/2026/11?page=3"},
        {"user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
        {"accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
        {"accept-language", "en-US,en;q=0.5"},
        {"accept-encoding", "gzip, deflate, br, zstd"},
        {"referer", "https://www.example.com/articles"},
        {"cookie", "session=0123456789abcdef0123456789abcdef; theme=dark"},
    };

    private BrowserFields() {}

    static HttpHeaders response() {
        HttpHeaders response = new HttpHeaders();
        response.set(KnownHeader.CONTENT_TYPE, "text/plain");
        response.contentLength(13);
        response.set(KnownHeader.DATE, "Sat, 21 Nov 2026 19:00:00 GMT");
        response.set(KnownHeader.SERVER, "Kestrel");
        return response;
    }
}
