package dev.kestrel.benchmarks.lab.servers;

import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;

/** Helidon 4: virtual threads, HTTP/1.1 and HTTP/2. */
public final class HelidonLabServer {

    private HelidonLabServer() {}

    /** Arguments: the ports of HTTP/1.1, HTTP/2 and TLS, and a directory. */
    public static void main(String... args) throws Exception {
        ServerProcess process = ServerProcess.parse(args);
        builder(process.http()).build().start();
        builder(process.h2c()).build().start();
        if (ServerProcess.tls()) {
            Tls tls = Tls.builder().sslContext(process.sslContext()).build();
            builder(process.https()).tls(tls).build().start();
        }
        ServerProcess.serve("virtual threads, TLS of the JDK");
    }

    private static WebServerConfig.Builder builder(int port) {
        return WebServer.builder()
                .host("127.0.0.1")
                .port(port)
                .backlog(4096)
                .routing(HelidonLabServer::route);
    }

    private static void route(HttpRouting.Builder routing) {
        routing.get(
                        Payload.PLAINTEXT_PATH,
                        (request, response) -> send(response, Payload.TEXT, Payload.hello()))
                .get(
                        Payload.JSON_PATH,
                        (request, response) -> send(response, Payload.JSON, Payload.message()))
                .post(
                        Payload.ECHO_PATH,
                        (request, response) ->
                                send(
                                        response,
                                        Payload.BINARY,
                                        request.content().inputStream().readAllBytes()))
                .get(
                        Payload.BYTES_PATH,
                        (request, response) -> send(response, Payload.BINARY, Payload.megabyte()))
                .post(
                        Payload.UPLOAD_PATH,
                        (request, response) ->
                                send(
                                        response,
                                        Payload.TEXT,
                                        BlockingBodies.discard(request.content().inputStream())))
                .get(
                        Payload.SLEEP_PATH,
                        (request, response) -> {
                            BlockingBodies.sleep();
                            send(response, Payload.TEXT, Payload.slept());
                        });
    }

    private static void send(ServerResponse response, String type, byte[] body) {
        response.header(HeaderNames.CONTENT_TYPE, type).send(body);
    }
}
