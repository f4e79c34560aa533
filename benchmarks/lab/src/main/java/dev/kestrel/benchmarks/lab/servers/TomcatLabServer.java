package dev.kestrel.benchmarks.lab.servers;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;

import java.io.IOException;

/** Tomcat 11, embedded: one servlet, on virtual threads. */
public final class TomcatLabServer {

    private TomcatLabServer() {}

    /** Arguments: the ports of HTTP/1.1, HTTP/2 and TLS, and a directory. */
    public static void main(String... args) throws Exception {
        ServerProcess process = ServerProcess.parse(args);
        Tomcat tomcat = new Tomcat();
        String directory = process.directory().toAbsolutePath().toString();
        tomcat.setBaseDir(directory);
        Context context = tomcat.addContext("", directory);
        Wrapper servlet = Tomcat.addServlet(context, "lab", new Endpoints());
        servlet.setLoadOnStartup(1);
        servlet.addMapping("/*");

        Connector first = connector(process.http());
        tomcat.setConnector(first);
        tomcat.getService().addConnector(connector(process.h2c()));
        if (ServerProcess.tls()) {
            tomcat.getService().addConnector(secure(process));
        }
        tomcat.start();
        ServerProcess.serve("servlet on virtual threads, TLS of the JDK");
    }

    private static Connector secure(ServerProcess process) {
        Connector tls = connector(process.https());
        tls.setSecure(true);
        tls.setScheme("https");
        tls.setProperty("SSLEnabled", "true");
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystoreFile(process.keyStore().toAbsolutePath().toString());
        certificate.setCertificateKeystorePassword(ServerProcess.PASSWORD);
        host.addCertificate(certificate);
        tls.addSslHostConfig(host);
        return tls;
    }

    private static Connector connector(int port) {
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(port);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("acceptCount", "4096");
        connector.setProperty("maxConnections", "100000");
        // By default a connection is closed after 100 requests.
        connector.setProperty("maxKeepAliveRequests", "-1");
        connector.setProperty("keepAliveTimeout", "300000");
        connector.addUpgradeProtocol(new Http2Protocol());
        if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
            protocol.setExecutor(new VirtualThreadExecutor("tomcat-"));
        }
        return connector;
    }

    private static final class Endpoints extends HttpServlet {

        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            switch (request.getRequestURI()) {
                case Payload.PLAINTEXT_PATH -> send(response, Payload.TEXT, Payload.hello());
                case Payload.JSON_PATH -> send(response, Payload.JSON, Payload.message());
                case Payload.ECHO_PATH ->
                        send(response, Payload.BINARY, request.getInputStream().readAllBytes());
                case Payload.BYTES_PATH -> send(response, Payload.BINARY, Payload.megabyte());
                case Payload.UPLOAD_PATH ->
                        send(
                                response,
                                Payload.TEXT,
                                BlockingBodies.discard(request.getInputStream()));
                case Payload.SLEEP_PATH -> {
                    BlockingBodies.sleep();
                    send(response, Payload.TEXT, Payload.slept());
                }
                default -> response.setStatus(404);
            }
        }

        private static void send(HttpServletResponse response, String type, byte[] body)
                throws IOException {
            response.setContentType(type);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }
}
