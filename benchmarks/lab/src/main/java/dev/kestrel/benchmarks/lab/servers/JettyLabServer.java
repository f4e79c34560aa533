package dev.kestrel.benchmarks.lab.servers;

import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Jetty 12.1: handlers that may block, on virtual threads. */
public final class JettyLabServer {

    private static final int IDLE_TIMEOUT_MILLIS = 300_000;

    private JettyLabServer() {}

    /** Arguments: the ports of HTTP/1.1, HTTP/2 and TLS, and a directory. */
    public static void main(String... args) throws Exception {
        ServerProcess process = ServerProcess.parse(args);
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(new VirtualThreadPool());
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        connect(server, process.http(), new HttpConnectionFactory(http));
        connect(
                server,
                process.h2c(),
                new HttpConnectionFactory(http),
                new HTTP2CServerConnectionFactory(http));
        if (ServerProcess.tls()) {
            secure(server, process);
        }
        server.setHandler(new Endpoints());
        server.start();
        ServerProcess.serve("handlers on virtual threads, TLS of the JDK");
    }

    private static void secure(Server server, ServerProcess process) {
        HttpConfiguration https = new HttpConfiguration();
        // The certificate is for an address, which is no name that SNI can ask for.
        https.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(process.keyStore().toString());
        tls.setKeyStorePassword(ServerProcess.PASSWORD);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        connect(
                server,
                process.https(),
                new SslConnectionFactory(tls, alpn.getProtocol()),
                alpn,
                new HTTP2ServerConnectionFactory(https),
                new HttpConnectionFactory(https));
    }

    private static void connect(Server server, int port, ConnectionFactory... factories) {
        ServerConnector connector = new ServerConnector(server, factories);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        connector.setAcceptQueueSize(4096);
        connector.setIdleTimeout(IDLE_TIMEOUT_MILLIS);
        server.addConnector(connector);
    }

    private static final class Endpoints extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback)
                throws Exception {
            switch (request.getHttpURI().getPath()) {
                case Payload.PLAINTEXT_PATH ->
                        send(response, Payload.TEXT, Payload.hello(), callback);
                case Payload.JSON_PATH -> send(response, Payload.JSON, Payload.message(), callback);
                case Payload.ECHO_PATH -> {
                    try (InputStream in = Content.Source.asInputStream(request)) {
                        send(response, Payload.BINARY, in.readAllBytes(), callback);
                    }
                }
                case Payload.BYTES_PATH ->
                        send(response, Payload.BINARY, Payload.megabyte(), callback);
                case Payload.UPLOAD_PATH -> {
                    try (InputStream in = Content.Source.asInputStream(request)) {
                        send(response, Payload.TEXT, BlockingBodies.discard(in), callback);
                    }
                }
                case Payload.SLEEP_PATH -> {
                    BlockingBodies.sleep();
                    send(response, Payload.TEXT, Payload.slept(), callback);
                }
                default ->
                        Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
            return true;
        }

        private static void send(Response response, String type, byte[] body, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }
}
