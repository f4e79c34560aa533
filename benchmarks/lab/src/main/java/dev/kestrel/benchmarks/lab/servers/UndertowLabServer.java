package dev.kestrel.benchmarks.lab.servers;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Undertow: what does not block is answered on its I/O threads, as it recommends. */
public final class UndertowLabServer {

    private static final ExecutorService VIRTUAL = Executors.newVirtualThreadPerTaskExecutor();

    private UndertowLabServer() {}

    /** Arguments: the ports of HTTP/1.1, HTTP/2 and TLS, and a directory. */
    public static void main(String... args) throws Exception {
        ServerProcess process = ServerProcess.parse(args);
        Undertow.Builder builder =
                Undertow.builder()
                        .addHttpListener(process.http(), "127.0.0.1")
                        .addHttpListener(process.h2c(), "127.0.0.1");
        if (ServerProcess.tls()) {
            builder.addHttpsListener(process.https(), "127.0.0.1", process.sslContext());
        }
        builder.setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                .setSocketOption(org.xnio.Options.BACKLOG, 4096)
                .setHandler(UndertowLabServer::handle)
                .build()
                .start();
        ServerProcess.serve("I/O threads, /sleep on virtual threads, TLS of the JDK");
    }

    private static void handle(HttpServerExchange exchange) {
        switch (exchange.getRequestPath()) {
            case Payload.PLAINTEXT_PATH -> send(exchange, Payload.TEXT, Payload.hello());
            case Payload.JSON_PATH -> send(exchange, Payload.JSON, Payload.message());
            case Payload.ECHO_PATH ->
                    exchange.getRequestReceiver()
                            .receiveFullBytes(
                                    (same, body) -> send(same, Payload.BINARY, body),
                                    (same, error) -> same.endExchange());
            case Payload.BYTES_PATH -> send(exchange, Payload.BINARY, Payload.megabyte());
            case Payload.UPLOAD_PATH -> upload(exchange);
            case Payload.SLEEP_PATH ->
                    exchange.dispatch(
                            VIRTUAL,
                            () -> {
                                BlockingBodies.sleep();
                                send(exchange, Payload.TEXT, Payload.slept());
                            });
            default -> exchange.setStatusCode(404).endExchange();
        }
    }

    private static void upload(HttpServerExchange exchange) {
        long[] length = new long[1];
        exchange.getRequestReceiver()
                .receivePartialBytes(
                        (same, bytes, last) -> {
                            length[0] += bytes.length;
                            if (last) {
                                send(same, Payload.TEXT, Payload.latin1(Long.toString(length[0])));
                            }
                        },
                        (same, error) -> same.endExchange());
    }

    private static void send(HttpServerExchange exchange, String type, byte[] body) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }
}
