package dev.kestrel.internal.serving;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.ConnectionMiddleware;
import dev.kestrel.connections.ProxyProtocolFeature;
import dev.kestrel.connections.Signal;
import dev.kestrel.internal.guard.ConnectionDeadline;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.options.ProxyProtocolOptions;
import dev.kestrel.options.TimeProvider;
import dev.kestrel.pipelines.ByteSequence;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes the PROXY header off a connection and gives the connection the addresses in it. What is
 * accepted from whom is in {@link ProxyProtocolOptions}; a connection that is refused is reset
 * without a byte.
 */
final class ProxyProtocolMiddleware implements ConnectionMiddleware {

    private static final System.Logger LOG =
            System.getLogger(ProxyProtocolMiddleware.class.getName());

    private final ProxyProtocolOptions options;
    private final ProxyProtocolParser parser;
    private final TimeProvider time;
    private final long timeout;
    private final LongAdder rejected;
    private final LogThrottle throttle;

    ProxyProtocolMiddleware(
            ProxyProtocolOptions options, KestrelServerOptions server, LongAdder rejected) {
        this.options = options;
        this.parser = new ProxyProtocolParser(options.maxTlvSize());
        this.time = server.timeProvider();
        this.timeout = TimeoutControl.nanos(server.limits().requestHeadersTimeout());
        this.rejected = rejected;
        this.throttle = new LogThrottle(time);
    }

    @Override
    public void invoke(ConnectionContext connection, ConnectionDelegate next) throws Exception {
        if (!options.isTrusted(connection.remoteAddress())) {
            if (options.refuseUntrusted()) {
                refuse(connection, "its peer is not trusted");
                return;
            }
        } else {
            ProxyHeader header;
            try {
                header = readHeader(connection);
            } catch (ProxyProtocolException e) {
                refuse(connection, e.getMessage());
                return;
            }
            if (header != null) {
                apply(header, connection);
            }
        }
        next.run(connection);
    }

    /**
     * Reads the header within the time for request headers; {@code null} when there is none and
     * none is needed.
     */
    private @Nullable ProxyHeader readHeader(ConnectionContext connection)
            throws IOException, ProxyProtocolException {
        Signal.Registration clock =
                ConnectionDeadline.startBeforeRequests(
                        connection,
                        time,
                        timeout,
                        () -> refuse(connection, "no header came in time"));
        PipeReader input = connection.transport().input();
        try {
            while (true) {
                ReadResult result = input.read();
                ByteSequence bytes = result.buffer();
                if (!options.headerRequired()
                        && ProxyProtocolParser.kind(bytes) == ProxyProtocolParser.Kind.NONE) {
                    input.advanceTo(0);
                    return null;
                }
                ProxyHeader header = parser.parse(bytes);
                if (header != null) {
                    input.advanceTo(header.length());
                    return header;
                }
                boolean ended = result.isCompleted();
                input.advanceTo(0, bytes.length());
                if (ended) {
                    throw new ProxyProtocolException("the connection ended inside the header");
                }
            }
        } finally {
            clock.close();
        }
    }

    private static void apply(ProxyHeader header, ConnectionContext connection) {
        connection
                .features()
                .set(
                        ProxyProtocolFeature.class,
                        new ProxyProtocolFeature(
                                header.version(),
                                header.local(),
                                header.datagram(),
                                connection.remoteAddress(),
                                connection.localAddress(),
                                header.client(),
                                header.server(),
                                header.tlvs(),
                                header.ssl()));
        if (header.client() != null) {
            connection.remoteAddress(header.client());
            connection.localAddress(header.server());
        }
    }

    private void refuse(ConnectionContext connection, @Nullable String why) {
        rejected.increment();
        throttle.log(
                LOG,
                Level.INFO,
                "Connection "
                        + connection.connectionId()
                        + " from "
                        + connection.remoteAddress()
                        + " was refused by the PROXY protocol: "
                        + why);
        connection.abort(new ConnectionAbortedException("Refused by the PROXY protocol"));
    }
}
