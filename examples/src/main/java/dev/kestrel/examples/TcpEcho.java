package dev.kestrel.examples;

import dev.kestrel.app.WebApplication;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.ReadResult;

import java.io.IOException;

/**
 * One server, two ports: HTTP on the first, and on the second something that is not HTTP. The echo
 * works on the pipes of the connection, without a copy into arrays of its own.
 */
public final class TcpEcho {

    private TcpEcho() {}

    /** Try it with {@code nc localhost 8007}. */
    public static void main(String... args) throws Exception {
        create(8080, 8007).runUntilStopped();
    }

    static WebApplication create(int httpPort, int echoPort) {
        WebApplication app = WebApplication.create();
        app.server(
                server ->
                        server.listenLocalhost(httpPort)
                                .listenLocalhost(
                                        echoPort,
                                        endPoint -> endPoint.connectionHandler(TcpEcho::echo)));
        return app.run(ctx -> ctx.response().send("The echo is on the other port\n"));
    }

    /** Runs on a virtual thread of the connection's own; reading and flushing wait for the peer. */
    static void echo(ConnectionContext connection) throws IOException {
        PipeReader input = connection.transport().input();
        PipeWriter output = connection.transport().output();
        boolean more = true;
        while (more) {
            ReadResult result = input.read();
            ByteSequence bytes = result.buffer();
            bytes.forEach(output::write);
            input.advanceTo(bytes.length());
            output.flush();
            more = !result.isCompleted();
        }
    }
}
