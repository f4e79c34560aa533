package dev.kestrel.benchmarks.lab.servers;

import dev.kestrel.connections.tls.TlsEngineProvider;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpRequest;
import dev.kestrel.http.HttpResponse;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.ServerCertificate;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.server.KestrelServerBuilder;

import java.io.IOException;
import java.util.ServiceLoader;

/** This server, as it comes: every limit and every check is on. */
public final class KestrelLabServer {

    private KestrelLabServer() {}

    /** Arguments: the ports of HTTP/1.1, HTTP/2 and TLS, and a directory. */
    public static void main(String... args) throws Exception {
        ServerProcess process = ServerProcess.parse(args);
        KestrelServerBuilder builder =
                KestrelServer.builder()
                        .listen(ServerProcess.address(process.http()))
                        .listen(ServerProcess.address(process.h2c()));
        if (ServerProcess.tls()) {
            builder.listen(
                    ServerProcess.address(process.https()), endPoint -> secure(endPoint, process));
        }
        try (KestrelServer server = builder.handler(KestrelLabServer::handle).build()) {
            server.start();
            ServerProcess.serve(
                    "defaults, blocking handlers, TLS of "
                            + (process.http3() ? "BoringSSL in QUIC" : tlsEngine()));
        }
    }

    private static String tlsEngine() {
        return ServiceLoader.load(TlsEngineProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(TlsEngineProvider::isAvailable)
                .map(TlsEngineProvider::name)
                .findFirst()
                .orElse("the JDK");
    }

    private static void secure(ListenOptions.Builder endPoint, ServerProcess process) {
        endPoint.https(ServerCertificate.pem(process.chain(), process.key()));
        if (process.http3()) {
            endPoint.protocols(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2, HttpVersion.HTTP_3);
        }
    }

    private static void handle(HttpContext context) throws Exception {
        HttpRequest request = context.request();
        HttpResponse response = context.response();
        switch (request.path()) {
            case Payload.PLAINTEXT_PATH -> response.contentType(Payload.TEXT).send(Payload.hello());
            case Payload.JSON_PATH -> response.contentType(Payload.JSON).send(Payload.message());
            case Payload.ECHO_PATH ->
                    response.contentType(Payload.BINARY).send(request.bodyBytes());
            case Payload.BYTES_PATH ->
                    response.contentType(Payload.BINARY).send(Payload.megabyte());
            case Payload.UPLOAD_PATH ->
                    response.contentType(Payload.TEXT).send(Long.toString(discard(request)));
            case Payload.SLEEP_PATH -> {
                Thread.sleep(Payload.SLEEP_MILLIS);
                response.contentType(Payload.TEXT).send(Payload.slept());
            }
            default -> response.status(404);
        }
    }

    private static long discard(HttpRequest request) throws IOException {
        PipeReader body = request.bodyReader();
        long length = 0;
        while (true) {
            ReadResult result = body.read();
            long count = result.buffer().length();
            length += count;
            body.advanceTo(count);
            if (result.isCompleted()) {
                return length;
            }
        }
    }
}
