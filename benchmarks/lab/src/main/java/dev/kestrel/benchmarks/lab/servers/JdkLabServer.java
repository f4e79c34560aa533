package dev.kestrel.benchmarks.lab.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Executors;

/** The JDK's own server, a virtual thread for each request. It speaks HTTP/1.1 alone. */
public final class JdkLabServer {

    private JdkLabServer() {}

    /** Arguments: the ports of HTTP/1.1, HTTP/2 and TLS, and a directory. */
    public static void main(String... args) throws Exception {
        // Without these it waits for acknowledgements, and closes idle connections beyond 200.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "100000");
        ServerProcess process = ServerProcess.parse(args);
        start(HttpServer.create(ServerProcess.address(process.http()), 4096));
        if (ServerProcess.tls()) {
            HttpsServer tls = HttpsServer.create(ServerProcess.address(process.https()), 4096);
            tls.setHttpsConfigurator(new HttpsConfigurator(process.sslContext()));
            start(tls);
        }
        ServerProcess.serve("virtual threads, TCP_NODELAY, TLS of the JDK");
    }

    private static void start(HttpServer server) {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", JdkLabServer::handle);
        server.start();
    }

    private static void handle(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case Payload.PLAINTEXT_PATH -> send(exchange, Payload.TEXT, Payload.hello());
            case Payload.JSON_PATH -> send(exchange, Payload.JSON, Payload.message());
            case Payload.ECHO_PATH ->
                    send(exchange, Payload.BINARY, exchange.getRequestBody().readAllBytes());
            case Payload.BYTES_PATH -> send(exchange, Payload.BINARY, Payload.megabyte());
            case Payload.UPLOAD_PATH ->
                    send(exchange, Payload.TEXT, BlockingBodies.discard(exchange.getRequestBody()));
            case Payload.SLEEP_PATH -> {
                BlockingBodies.sleep();
                send(exchange, Payload.TEXT, Payload.slept());
            }
            default -> exchange.sendResponseHeaders(404, -1);
        }
    }

    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
