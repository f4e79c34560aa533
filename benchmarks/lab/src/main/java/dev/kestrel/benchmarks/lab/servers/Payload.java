package dev.kestrel.benchmarks.lab.servers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What all servers answer. The same bytes for all, made once: no server is measured at making them.
 */
public final class Payload {

    /** Answered with {@link #HELLO}. */
    public static final String PLAINTEXT_PATH = "/plaintext";

    /** Answered with {@link #MESSAGE}. */
    public static final String JSON_PATH = "/json";

    /** Answered with the body of the request. */
    public static final String ECHO_PATH = "/echo";

    /** Answered with {@link #MEGABYTE}. */
    public static final String BYTES_PATH = "/bytes/1048576";

    /** Discards the body of the request and answers its length, in decimal. */
    public static final String UPLOAD_PATH = "/upload";

    /** Answered with {@link #SLEPT} after {@link #SLEEP_MILLIS}. */
    public static final String SLEEP_PATH = "/sleep/10";

    /** How long {@link #SLEEP_PATH} takes. */
    public static final int SLEEP_MILLIS = 10;

    /** The argument that tells a server that it will be asked in HTTP/3. */
    public static final String HTTP_3 = "h3";

    /** The property that tells a server on a JVM that it will not be asked over TLS. */
    public static final String CLEAR_ALONE = "lab.clear";

    static final String TEXT = "text/plain";
    static final String JSON = "application/json";
    static final String BINARY = "application/octet-stream";

    private static final byte[] HELLO = latin1("Hello, World!");
    private static final byte[] MESSAGE = latin1("{\"message\":\"Hello, World!\"}");
    private static final byte[] SLEPT = latin1("slept");
    private static final byte[] MEGABYTE = new byte[1024 * 1024];

    static {
        Arrays.fill(MEGABYTE, (byte) 'x');
    }

    private Payload() {}

    /** 13 bytes; not to be changed. */
    public static byte[] hello() {
        return HELLO;
    }

    /** A small JSON object; not to be changed. */
    public static byte[] message() {
        return MESSAGE;
    }

    /** What a request gets that slept; not to be changed. */
    public static byte[] slept() {
        return SLEPT;
    }

    /** 1,048,576 bytes; not to be changed. */
    public static byte[] megabyte() {
        return MEGABYTE;
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
