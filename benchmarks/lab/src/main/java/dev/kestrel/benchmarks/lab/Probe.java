package dev.kestrel.benchmarks.lab;

import dev.kestrel.benchmarks.lab.servers.Payload;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;

/** Sees whether a server answers right, before it is measured at answering fast. */
final class Probe {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int REQUESTS = 4;
    private static final Pattern DATA = Pattern.compile("\\((\\d+)\\) data");

    private final SSLContext trust;
    private final Path directory;
    private final LoadTool tool;

    Probe(SSLContext trust, Path directory, LoadTool tool) {
        this.trust = trust;
        this.directory = directory;
        this.tool = tool;
    }

    /** Asks for a path, and checks the answer's version, status and body. */
    void check(RunningServer server, Protocol protocol, String path)
            throws IOException, InterruptedException {
        String uri = protocol.uri(server.ports().of(protocol), path);
        switch (protocol) {
            case H2C -> priorKnowledge(uri, path);
            case HTTPS_3 -> http3(server.ports().https(), path);
            default -> client(uri, path, protocol);
        }
    }

    private void client(String uri, String path, Protocol protocol)
            throws IOException, InterruptedException {
        HttpClient.Version version =
                protocol.isHttp2() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(version)
                        .sslContext(trust)
                        .connectTimeout(LIMIT)
                        .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri)).timeout(LIMIT);
            byte[] body = requestBody(path);
            if (body.length > 0) {
                request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
            }
            HttpResponse<byte[]> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200
                    || response.version() != version
                    || !Arrays.equals(response.body(), expected(path))) {
                throw new UnavailableException(
                        path
                                + " was answered with "
                                + response.version()
                                + " "
                                + response.statusCode()
                                + " and "
                                + response.body().length
                                + " bytes");
            }
        }
    }

    /**
     * The JDK's client does not speak HTTP/2 by prior knowledge; h2load shows status and length.
     */
    private void priorKnowledge(String uri, String path) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Commands.require("h2load")));
        command.addAll(List.of("-n", Integer.toString(REQUESTS), "-m", "2"));
        byte[] body = requestBody(path);
        if (body.length > 0) {
            Path file = directory.resolve("probe-" + body.length);
            Files.write(file, body);
            command.addAll(List.of("-d", file.toString()));
        }
        command.add(uri);
        String output = Commands.output(command, LIMIT);
        Matcher data = DATA.matcher(output);
        String length = Integer.toString(expected(path).length * REQUESTS);
        if (!output.contains("status codes: " + REQUESTS + " 2xx")
                || !data.find()
                || !data.group(1).equals(length)) {
            throw new UnavailableException(
                    path + " was not answered well: " + Commands.tail(output));
        }
    }

    /** The lab's own client sees status and length, too. */
    private void http3(int port, String path) throws IOException, InterruptedException {
        Load.Http3 load = new Load.Http3(1, 2, requestBody(path).length);
        LoadTool.Loaded loaded = tool.own().http3(load, port, path, (long) REQUESTS);
        if (loaded.requests() != REQUESTS) {
            throw new UnavailableException(
                    path + " was not answered well: " + Commands.tail(loaded.output()));
        }
    }

    private static byte[] requestBody(String path) {
        return switch (path) {
            case Payload.ECHO_PATH ->
                    "0123456789abcdef".repeat(256).getBytes(StandardCharsets.US_ASCII);
            case Payload.UPLOAD_PATH -> Payload.megabyte();
            default -> new byte[0];
        };
    }

    /** The content of the answer. */
    static byte[] expected(String path) {
        return switch (path) {
            case Payload.PLAINTEXT_PATH -> Payload.hello();
            case Payload.JSON_PATH -> Payload.message();
            case Payload.ECHO_PATH -> requestBody(path);
            case Payload.BYTES_PATH -> Payload.megabyte();
            case Payload.UPLOAD_PATH ->
                    Integer.toString(Payload.megabyte().length).getBytes(StandardCharsets.US_ASCII);
            default -> Payload.slept();
        };
    }
}
