package dev.kestrel.quic;

import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.StreamContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.io.IOException;

/** A test of a server, a client of Netty's, and both sides of the connection between them. */
abstract class OneQuicConnection {

    TestQuicServer server;
    TestQuicClient client;
    MultiplexedConnectionContext connection;

    @BeforeEach
    void connect() throws IOException {
        server = new TestQuicServer().start();
        client = TestQuicClient.connect(server.address());
        connection = server.accept();
    }

    @AfterEach
    void disconnect() {
        client.close();
        connection.close();
        server.close();
    }

    StreamContext acceptStream() throws IOException {
        return TestQuicServer.acceptStream(connection);
    }
}
