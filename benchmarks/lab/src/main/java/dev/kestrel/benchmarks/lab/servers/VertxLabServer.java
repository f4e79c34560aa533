package dev.kestrel.benchmarks.lab.servers;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;

/** Vert.x 5: event loops, the native transport and OpenSSL where they can be had. */
public final class VertxLabServer {

    private static final Buffer HELLO = Buffer.buffer(Payload.hello());
    private static final Buffer MESSAGE = Buffer.buffer(Payload.message());
    private static final Buffer MEGABYTE = Buffer.buffer(Payload.megabyte());
    private static final Buffer SLEPT = Buffer.buffer(Payload.slept());

    private VertxLabServer() {}

    /** Arguments: the ports of HTTP/1.1, HTTP/2 and TLS, and a directory. */
    public static void main(String... args) throws Exception {
        ServerProcess process = ServerProcess.parse(args);
        HttpDates.start();
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        boolean openSsl = OpenSSLEngineOptions.isAvailable();
        vertx.deployVerticle(
                        () -> new Endpoints(process, openSsl),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        ServerProcess.serve(
                (vertx.isNativeTransportEnabled() ? "native transport" : "NIO")
                        + ", event loops, /sleep on a timer, TLS of "
                        + (openSsl ? "BoringSSL" : "the JDK"));
    }

    private static final class Endpoints extends AbstractVerticle {

        private final ServerProcess process;
        private final boolean openSsl;

        Endpoints(ServerProcess process, boolean openSsl) {
            this.process = process;
            this.openSsl = openSsl;
        }

        @Override
        public void start(Promise<Void> started) {
            listen(options(), process.http())
                    .compose(server -> listen(options(), process.h2c()))
                    .compose(server -> https())
                    .compose(server -> http3())
                    .<Void>mapEmpty()
                    .onComplete(started);
        }

        private Future<?> https() {
            if (!ServerProcess.tls()) {
                return Future.succeededFuture();
            }
            HttpServerOptions tls =
                    options()
                            .setSsl(true)
                            .setUseAlpn(true)
                            .setKeyCertOptions(
                                    new PemKeyCertOptions()
                                            .setCertPath(process.chain().toString())
                                            .setKeyPath(process.key().toString()));
            if (openSsl) {
                tls.setSslEngineOptions(new OpenSSLEngineOptions());
            }
            return listen(tls, process.https());
        }

        private static HttpServerOptions options() {
            return new HttpServerOptions().setAcceptBacklog(4096);
        }

        private Future<?> listen(HttpServerOptions options, int port) {
            return vertx.createHttpServer(options)
                    .requestHandler(this::handle)
                    .listen(port, "127.0.0.1");
        }

        /** When it was asked for. */
        private Future<?> http3() {
            if (!process.http3()) {
                return Future.succeededFuture();
            }
            HttpServerConfig config =
                    new HttpServerConfig()
                            .setVersions(HttpVersion.HTTP_3)
                            .setQuicHost("127.0.0.1")
                            .setQuicPort(process.https());
            config.getQuicConfig().setLoadBalanced(true);
            ServerSSLOptions tls =
                    new ServerSSLOptions()
                            .setKeyCertOptions(
                                    new PemKeyCertOptions()
                                            .setCertPath(process.chain().toString())
                                            .setKeyPath(process.key().toString()));
            return vertx.createHttpServer(config, tls).requestHandler(this::handle).listen();
        }

        private void handle(HttpServerRequest request) {
            switch (request.path()) {
                case Payload.PLAINTEXT_PATH -> send(request, Payload.TEXT, HELLO);
                case Payload.JSON_PATH -> send(request, Payload.JSON, MESSAGE);
                case Payload.ECHO_PATH ->
                        request.body().onSuccess(body -> send(request, Payload.BINARY, body));
                case Payload.BYTES_PATH -> send(request, Payload.BINARY, MEGABYTE);
                case Payload.UPLOAD_PATH -> upload(request);
                case Payload.SLEEP_PATH ->
                        vertx.setTimer(
                                Payload.SLEEP_MILLIS, id -> send(request, Payload.TEXT, SLEPT));
                default -> request.response().setStatusCode(404).end();
            }
        }

        private static void upload(HttpServerRequest request) {
            long[] length = new long[1];
            request.handler(bytes -> length[0] += bytes.length());
            request.endHandler(
                    end -> send(request, Payload.TEXT, Buffer.buffer(Long.toString(length[0]))));
        }

        private static void send(HttpServerRequest request, String type, Buffer body) {
            request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    .putHeader(HttpHeaders.DATE, HttpDates.now())
                    .end(body);
        }
    }
}
