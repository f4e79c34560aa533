package dev.kestrel.app;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.Http1Response;
import dev.kestrel.testkit.ManualTimeProvider;
import dev.kestrel.testkit.MemoryEndPoint;
import dev.kestrel.testkit.MemoryTransport;

import java.io.IOException;

/** An application on a server in memory. */
public final class TestServer implements AutoCloseable {

    private final MemoryEndPoint endPoint = new MemoryEndPoint("app");
    private final ManualTimeProvider time = new ManualTimeProvider();
    private final MemoryTransport transport;
    private final KestrelServer server;

    public TestServer(HttpHandler handler) throws IOException {
        MemoryPool pool = new MemoryPool();
        transport = new MemoryTransport(pool);
        server =
                KestrelServer.builder()
                        .transport(transport)
                        .memoryPool(pool)
                        .options(options -> options.timeProvider(time))
                        .listen(endPoint)
                        .handler(handler)
                        .build();
        server.start();
    }

    public Http1Conversation connect() throws IOException {
        return new Http1Conversation(transport.connect(endPoint), time);
    }

    /** One request without a body on a connection of its own, and its response. */
    public Http1Response request(String method, String target, String... fields)
            throws IOException {
        String[] lines = new String[fields.length + 3];
        lines[0] = method + ' ' + target + " HTTP/1.1";
        lines[1] = "Host: localhost";
        System.arraycopy(fields, 0, lines, 2, fields.length);
        lines[lines.length - 1] = "";
        try (Http1Conversation client = connect()) {
            return client.send(lines).nextResponse();
        }
    }

    public Http1Response get(String target, String... fields) throws IOException {
        return request("GET", target, fields);
    }

    @Override
    public void close() {
        server.close();
    }
}
