package dev.kestrel.benchmarks;

import java.nio.charset.StandardCharsets;

/** Request heads as clients send them. */
public final class RequestHeads {

    private static final String LOAD_TOOL =
            """
            GET /plaintext HTTP/1.1
            Host: localhost:8080

            """;

    private static final String FIVE_FIELDS =
            """
            GET /plaintext HTTP/1.1
            Host: server.example.com:8080
            User-Agent: Mozilla/5.0 (X11; Linux x86_64)
            Accept: text/plain,text/html;q=0.9,*/*;q=0.8
            Accept-Encoding: gzip, deflate, br
            Connection: keep-alive

            """;

    private static final String BROWSER =
            """
            GET /assets/app.js?version=20481 HTTP/1.1
            Host: www.example.com
            Connection: keep-alive
            Pragma: no-cache
            Cache-Control: no-cache
            sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"
            sec-ch-ua-mobile: ?0
            sec-ch-ua-platform: "Linux"
            DNT: 1
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Mode: navigate
            Sec-Fetch-User: ?1
            Sec-Fetch-Dest: document
            Referer: https://www.example.com/articles/2481/reading-bytes-in-place
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-US,en;q=0.9,de;q=0.8
            Cookie: session=3f9d2c81a4b7e650; theme=dark; consent=necessary
            If-None-Match: "5f3c-19b2d4a7c80"

            """;

    private RequestHeads() {}

    /** What a load tool such as wrk sends: one field, about 50 bytes. */
    public static byte[] loadTool() {
        return bytes(LOAD_TOOL);
    }

    /** Five fields, about 200 bytes. */
    public static byte[] fiveFields() {
        return bytes(FIVE_FIELDS);
    }

    /** The five fields with another path. */
    public static byte[] fiveFields(String path) {
        return bytes(FIVE_FIELDS.replace("/plaintext", path));
    }

    /** What a browser sends: twenty fields, about 1,000 bytes. */
    public static byte[] browser() {
        return bytes(BROWSER);
    }

    /** Makes bytes of a head, or of a whole request, that is written with LF at the line ends. */
    public static byte[] bytes(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
