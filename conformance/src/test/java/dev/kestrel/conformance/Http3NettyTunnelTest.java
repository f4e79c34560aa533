package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.conformance.NettyHttp3Stream.Event;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.StreamResetException;
import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpContext;
import dev.kestrel.pipelines.ReadResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Extended CONNECT (RFC 9220) over QUIC, by Netty's client. */
@Timeout(60)
class Http3NettyTunnelTest {

    private static final int LENGTH = 1_000_000;

    private final BlockingQueue<StreamResetException> resets = new LinkedBlockingQueue<>();
    private Http3Server server;
    private NettyHttp3Client client;

    @BeforeAll
    static void findLibrary() {
        Http3Server.findLibrary();
    }

    @BeforeEach
    void start() throws Exception {
        server = new Http3Server(this::handle);
        client = NettyHttp3Client.connect(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private void handle(HttpContext ctx) throws IOException {
        HttpConnectFeature connect =
                Objects.requireNonNull(ctx.features().get(HttpConnectFeature.class));
        if (!connect.isConnect()) {
            ctx.response().send("no tunnel");
            return;
        }
        if (!"websocket".equals(connect.protocol())) {
            ctx.response().status(501).send("only websocket");
            return;
        }
        try {
            echo(connect.accept());
        } catch (StreamResetException e) {
            resets.add(e);
            throw e;
        }
    }

    private static void echo(DuplexPipe pipes) throws IOException {
        while (true) {
            ReadResult result = pipes.input().read();
            byte[] bytes = result.buffer().toByteArray();
            pipes.input().advanceTo(bytes.length);
            pipes.output().writeAndFlush(bytes, 0, bytes.length);
            if (result.isCompleted()) {
                return;
            }
        }
    }

    private static String take(NettyHttp3Stream stream, int length) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < length) {
            if (stream.next() instanceof Event.Data data) {
                bytes.writeBytes(data.content());
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private NettyHttp3Stream open() throws Exception {
        NettyHttp3Stream stream = client.open();
        stream.connect("/chat", "websocket");
        assertThat(stream.next())
                .isInstanceOfSatisfying(
                        Event.Fields.class,
                        head -> assertThat(head.fields().status()).hasToString("200"));
        return stream;
    }

    /**
     * What either side sends comes at once, and the end of one is followed by that of the other.
     */
    @Test
    void bothSidesSpeak() throws Exception {
        NettyHttp3Stream stream = open();
        for (String said : new String[] {"hello", "again"}) {
            stream.send(said.getBytes(StandardCharsets.UTF_8), false);
            assertThat(take(stream, said.length())).isEqualTo(said);
        }
        stream.end();
        Event event = stream.next();
        while (event instanceof Event.Data) {
            event = stream.next();
        }
        assertThat(event).isEqualTo(new Event.End());
    }

    /** A tunnel has no length, and more may pass than windows hold. */
    @Test
    void muchPasses() throws Exception {
        NettyHttp3Stream stream = open();
        byte[] content = ClientApplication.content(LENGTH);
        Thread sender =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                stream.send(content, true);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        int length = 0;
        for (Event event = stream.next();
                event instanceof Event.Data(byte[] part);
                event = stream.next()) {
            length += part.length;
        }
        sender.join();
        assertThat(length).isEqualTo(LENGTH);
    }

    /** A protocol that the server does not speak gets an ordinary response (RFC 9220 section 3). */
    @Test
    void aProtocolThatIsNotSpoken() throws Exception {
        NettyHttp3Stream stream = client.open();
        stream.connect("/chat", "connect-udp");
        // Its end is not sent: the answer asks to stop, and the library waits for ever then.
        assertThat(stream.response().status()).isEqualTo("501");
    }

    /** A tunnel that the client resets is over for the server, and the connection goes on. */
    @Test
    void theClientCutsATunnelOff() throws Exception {
        NettyHttp3Stream stream = open();
        stream.channel.shutdownOutput(0x10c).sync();
        assertThat(resets.take()).returns(0x10cL, StreamResetException::errorCode);
        assertThat(client.get("/").text()).isEqualTo("no tunnel");
    }
}
