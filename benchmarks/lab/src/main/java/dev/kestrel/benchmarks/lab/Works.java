package dev.kestrel.benchmarks.lab;

import static dev.kestrel.benchmarks.lab.servers.Payload.BYTES_PATH;
import static dev.kestrel.benchmarks.lab.servers.Payload.CLEAR_ALONE;
import static dev.kestrel.benchmarks.lab.servers.Payload.ECHO_PATH;
import static dev.kestrel.benchmarks.lab.servers.Payload.JSON_PATH;
import static dev.kestrel.benchmarks.lab.servers.Payload.PLAINTEXT_PATH;
import static dev.kestrel.benchmarks.lab.servers.Payload.SLEEP_PATH;
import static dev.kestrel.benchmarks.lab.servers.Payload.UPLOAD_PATH;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What servers can be compared at, in the order of the tables. */
final class Works {

    private static final int MEBIBYTE = 1024 * 1024;

    private Works() {}

    static List<Work> all() {
        List<Work> all = new ArrayList<>();
        all.addAll(http1("h1", "HTTP/1.1", Protocol.HTTP_1));
        all.addAll(http2("h2c", "HTTP/2", Protocol.H2C));
        all.addAll(http1("https1", "HTTP/1.1 over TLS", Protocol.HTTPS_1));
        all.addAll(http2("https2", "HTTP/2 over TLS", Protocol.HTTPS_2));
        all.addAll(http3());
        all.add(
                new Work(
                        "h2c-small-heap",
                        "HTTP/2, plaintext, 8 connections of 64 streams, heap of 64 MB",
                        Protocol.H2C,
                        PLAINTEXT_PATH,
                        new Load.H2load(8, 64, 0),
                        List.of("-Xmx64m")));
        all.add(
                new Work(
                        "h1-half-load",
                        "HTTP/1.1, plaintext, 64 connections, at half the rate of the slowest JVM",
                        Protocol.HTTP_1,
                        PLAINTEXT_PATH,
                        new Load.HalfLoad(64)));
        all.add(
                new Work(
                        "h1-sleep",
                        "2,000 requests at once that take 10 ms each, HTTP/1.1",
                        Protocol.HTTP_1,
                        SLEEP_PATH,
                        Load.get(2000)));
        all.add(
                new Work(
                        "h1-sleep-100",
                        "100 requests at once that take 10 ms each, HTTP/1.1",
                        Protocol.HTTP_1,
                        SLEEP_PATH,
                        Load.get(100)));
        all.add(
                new Work(
                        "idle",
                        "10,000 idle connections, HTTP/1.1",
                        Protocol.HTTP_1,
                        PLAINTEXT_PATH,
                        new Load.Idle(10_000)));
        all.add(
                new Work(
                        "startup",
                        "from the start of the process to the first response, ports in clear and TLS",
                        Protocol.HTTP_1,
                        PLAINTEXT_PATH,
                        new Load.StartUp()));
        all.add(
                new Work(
                        "startup-clear",
                        "from the start of the process to the first response, ports in clear alone",
                        Protocol.HTTP_1,
                        PLAINTEXT_PATH,
                        new Load.StartUp(),
                        List.of("-D" + CLEAR_ALONE + "=true")));
        return all;
    }

    private static List<Work> http1(String id, String name, Protocol protocol) {
        return List.of(
                new Work(
                        id + "-plaintext",
                        name + ", plaintext, 64 connections",
                        protocol,
                        PLAINTEXT_PATH,
                        Load.get(64)),
                new Work(
                        id + "-pipelined",
                        name + ", plaintext, 64 connections, 16 requests at once",
                        protocol,
                        PLAINTEXT_PATH,
                        new Load.Wrk(64, "GET", 0, 16, List.of())),
                new Work(
                        id + "-json",
                        name + ", JSON, 64 connections",
                        protocol,
                        JSON_PATH,
                        Load.get(64)),
                new Work(
                        id + "-headers",
                        name + ", plaintext, 20 header fields, 64 connections",
                        protocol,
                        PLAINTEXT_PATH,
                        new Load.Wrk(64, "GET", 0, 1, twentyFields())),
                new Work(
                        id + "-echo",
                        name + ", 4 KiB echoed, 64 connections",
                        protocol,
                        ECHO_PATH,
                        Load.post(64, 4096)),
                new Work(
                        id + "-download",
                        name + ", 1 MiB down, 8 connections",
                        protocol,
                        BYTES_PATH,
                        Load.get(8)),
                new Work(
                        id + "-upload",
                        name + ", 1 MiB up, 8 connections",
                        protocol,
                        UPLOAD_PATH,
                        Load.post(8, MEBIBYTE)),
                new Work(
                        id + "-connect",
                        name + ", a connection for each request, 16 at once",
                        protocol,
                        PLAINTEXT_PATH,
                        new Load.Wrk(16, "GET", 0, 1, List.of("Connection: close"))));
    }

    private static List<Work> http2(String id, String name, Protocol protocol) {
        return List.of(
                new Work(
                        id + "-plaintext-8x64",
                        name + ", plaintext, 8 connections of 64 streams",
                        protocol,
                        PLAINTEXT_PATH,
                        new Load.H2load(8, 64, 0)),
                new Work(
                        id + "-plaintext-64x1",
                        name + ", plaintext, 64 connections of 1 stream",
                        protocol,
                        PLAINTEXT_PATH,
                        new Load.H2load(64, 1, 0)),
                new Work(
                        id + "-download",
                        name + ", 1 MiB down, 2 connections of 4 streams",
                        protocol,
                        BYTES_PATH,
                        new Load.H2load(2, 4, 0)),
                new Work(
                        id + "-upload",
                        name + ", 1 MiB up, 2 connections of 4 streams",
                        protocol,
                        UPLOAD_PATH,
                        new Load.H2load(2, 4, MEBIBYTE)));
    }

    private static List<Work> http3() {
        return List.of(
                new Work(
                        "h3-plaintext-8x64",
                        "HTTP/3, plaintext, 8 connections of 64 streams",
                        Protocol.HTTPS_3,
                        PLAINTEXT_PATH,
                        new Load.Http3(8, 64, 0)),
                new Work(
                        "h3-plaintext-64x1",
                        "HTTP/3, plaintext, 64 connections of 1 stream",
                        Protocol.HTTPS_3,
                        PLAINTEXT_PATH,
                        new Load.Http3(64, 1, 0)),
                new Work(
                        "h3-download",
                        "HTTP/3, 1 MiB down, 2 connections of 4 streams",
                        Protocol.HTTPS_3,
                        BYTES_PATH,
                        new Load.Http3(2, 4, 0)),
                new Work(
                        "h3-upload",
                        "HTTP/3, 1 MiB up, 2 connections of 4 streams",
                        Protocol.HTTPS_3,
                        UPLOAD_PATH,
                        new Load.Http3(2, 4, MEBIBYTE)));
    }

    /** What browsers send; with Host there are twenty. */
    private static List<String> twentyFields() {
        return Stream.concat(
                        Stream.of(
                                "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101",
                                "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
                                "Accept-Language: en-US,en;q=0.5",
                                "Accept-Encoding: gzip, deflate, br",
                                "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark",
                                "Referer: http://localhost/index.html",
                                "Cache-Control: max-age=0",
                                "Upgrade-Insecure-Requests: 1",
                                "Sec-Fetch-Mode: navigate"),
                        IntStream.rangeClosed(1, 10)
                                .mapToObj(i -> "X-Custom-Field-" + i + ": value-of-field-" + i))
                .toList();
    }
}
