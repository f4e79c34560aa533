package dev.kestrel.internal.tls;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.ConnectionMiddleware;
import dev.kestrel.connections.ConnectionReadAheadFeature;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.FeatureCollection;
import dev.kestrel.connections.Signal;
import dev.kestrel.connections.tls.TlsClientHello;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsEngine;
import dev.kestrel.internal.guard.ConnectionDeadline;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.protocol.HttpProtocolsFeature;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.TimeProvider;
import dev.kestrel.options.TlsClientHelloListener;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;

import javax.net.ssl.SSLException;

/**
 * Speaks TLS on a connection, and gives what is inside to the rest of the pipeline (the original's
 * type of the same name). What a client does wrong ends its connection and is logged for those who
 * look for it; nothing else notices.
 */
public final class HttpsConnectionMiddleware implements ConnectionMiddleware {

    private static final System.Logger LOG =
            System.getLogger(HttpsConnectionMiddleware.class.getName());

    /** How long a client has to take the last record. */
    private static final long END = Duration.ofSeconds(5).toNanos();

    private static final ConnectionAbortedException LATE =
            new ConnectionAbortedException("The TLS handshake took too long");

    private static final ConnectionAbortedException NOT_TAKEN =
            new ConnectionAbortedException("The client did not take the end of TLS");

    // Alerts (RFC 8446 section 6.2).
    private static final byte DECODE_ERROR = 50;
    private static final byte UNRECOGNIZED_NAME = 112;
    private static final byte NO_APPLICATION_PROTOCOL = 120;

    private final HttpsOptions options;
    private final SniOptionsSelector hosts;
    private final TimeProvider time;
    private final MemoryPool pool;
    private final TlsCounters counters;
    private final TlsBufferPool arrays;
    private final TlsBufferPool direct;
    private final PlainHttpAnswer plainHttp;
    private final long timeout;

    HttpsConnectionMiddleware(
            HttpsOptions options,
            SniOptionsSelector hosts,
            TimeProvider time,
            MemoryPool pool,
            TlsCounters counters) {
        this.options = options;
        this.hosts = hosts;
        this.time = time;
        this.pool = pool;
        this.counters = counters;
        plainHttp = new PlainHttpAnswer(options.plainHttp());
        long heap = Runtime.getRuntime().maxMemory();
        arrays = new TlsBufferPool(false, heap);
        direct = new TlsBufferPool(true, heap);
        timeout = TimeoutControl.nanos(options.handshakeTimeout());
    }

    @Override
    public void invoke(ConnectionContext connection, ConnectionDelegate next) throws Exception {
        SslDuplexPipe pipe;
        Signal.Registration deadline =
                ConnectionDeadline.startBeforeRequests(
                        connection, time, timeout, () -> connection.abort(LATE));
        counters.started();
        boolean good = false;
        try {
            pipe = begin(connection);
            good = pipe != null;
        } finally {
            counters.ended(good);
            deadline.close();
        }
        if (pipe != null) {
            run(connection, pipe, next);
        }
    }

    /** Shakes hands; {@code null} when that came to nothing and the client knows what it can. */
    private @Nullable SslDuplexPipe begin(ConnectionContext connection) throws IOException {
        ClientHelloPeek peek = new ClientHelloPeek();
        try {
            return switch (look(connection.transport().input(), peek)) {
                case HELLO, UNREADABLE -> shakeHands(connection, peek.hello());
                case NOT_TLS -> {
                    answerPlain(connection);
                    yield null;
                }
                case INCOMPLETE -> {
                    log(connection, "the client went before it said hello", null);
                    yield null;
                }
            };
        } catch (SSLException | ConnectionAbortedException | ConnectionResetException e) {
            log(connection, "the TLS handshake failed", e);
            return null;
        } catch (GeneralSecurityException | CertificateLoadException e) {
            LOG.log(Level.ERROR, () -> connection.connectionId() + ": no certificate to show", e);
            return null;
        }
    }

    /** Waits until it is known what the client begins with, and takes nothing. */
    private static ClientHelloPeek.Kind look(PipeReader input, ClientHelloPeek peek)
            throws IOException {
        while (true) {
            ReadResult result = input.read();
            ClientHelloPeek.Kind kind = peek.look(result.buffer());
            boolean over = result.isCompleted() || result.isCanceled();
            if (kind != ClientHelloPeek.Kind.INCOMPLETE || over) {
                input.advanceTo(0);
                return kind;
            }
            input.advanceTo(0, result.buffer().length());
        }
    }

    private void answerPlain(ConnectionContext connection) throws IOException {
        PipeReader input = connection.transport().input();
        boolean http = PlainHttpAnswer.looksLikeHttp(input.read().buffer());
        input.advanceTo(0);
        log(connection, "the client speaks " + (http ? "HTTP in clear text" : "no TLS"), null);
        if (http) {
            int port =
                    connection.localAddress() instanceof InetSocketAddress address
                            ? address.getPort()
                            : 0;
            plainHttp.answer(input, connection.transport().output(), port);
        }
    }

    private @Nullable SslDuplexPipe shakeHands(
            ConnectionContext connection, @Nullable TlsClientHello hello)
            throws IOException, GeneralSecurityException {
        if (hello == null) {
            // An engine may be able to read it: then what looks at it here would be passed by.
            log(connection, "the ClientHello can not be read", null);
            sendAlert(connection, DECODE_ERROR);
            return null;
        }
        TlsClientHelloListener listener = options.clientHelloListener();
        if (listener != null) {
            listener.helloReceived(connection, hello);
        }
        TlsHost host = hosts.select(connection, hello);
        if (host == null) {
            log(connection, "no certificate for " + name(hello), null);
            sendAlert(connection, UNRECOGNIZED_NAME);
            return null;
        }
        if (host.speaksNoneOf(hello)) {
            // Not every engine can say so itself: Netty's goes on without a protocol.
            log(connection, "none of " + hello.applicationProtocols() + " is spoken", null);
            sendAlert(connection, NO_APPLICATION_PROTOCOL);
            return null;
        }
        TlsEngine engine = host.newEngine();
        SslDuplexPipe pipe =
                new SslDuplexPipe(
                        engine,
                        connection.transport(),
                        pool,
                        engine.prefersDirectMemory() ? direct : arrays,
                        () -> endTimer(connection));
        TlsNegotiated negotiated;
        boolean good = false;
        try {
            pipe.handshake();
            negotiated = TlsNegotiated.of(pipe.engine(), hello.serverName());
            host.checkClient(negotiated.clientCertificates());
            good = true;
        } catch (SSLException e) {
            tellWhy(pipe);
            throw e;
        } finally {
            host.forgetClient();
            if (!good) {
                pipe.release();
            }
        }
        FeatureCollection features = connection.features();
        features.set(TlsConnectionFeature.class, negotiated);
        if (!host.protocols().isEmpty()) {
            features.set(HttpProtocolsFeature.class, new HttpProtocolsFeature(host.protocols()));
        }
        return pipe;
    }

    /** The alert that the engine has for the client. */
    private static void tellWhy(SslDuplexPipe pipe) {
        try {
            pipe.end();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The alert could not be sent", e);
        }
    }

    /** Sends a fatal alert, outside of any encryption. */
    private static void sendAlert(ConnectionContext connection, byte alert) throws IOException {
        byte[] record = {21, 3, 3, 0, 2, 2, alert};
        connection.transport().output().writeAndFlush(record, 0, record.length);
    }

    private Signal.Registration endTimer(ConnectionContext connection) {
        return ConnectionDeadline.start(connection, time, END, () -> connection.abort(NOT_TAKEN));
    }

    private static String name(TlsClientHello hello) {
        String name = hello.serverName();
        return name == null ? "a client that gives no name" : "'" + name + "'";
    }

    private void run(ConnectionContext connection, SslDuplexPipe pipe, ConnectionDelegate next)
            throws Exception {
        DuplexPipe transport = connection.transport();
        FeatureCollection features = connection.features();
        ConnectionReadAheadFeature readAhead = features.get(ConnectionReadAheadFeature.class);
        connection.transport(pipe);
        features.set(ConnectionReadAheadFeature.class, pipe);
        try {
            next.run(connection);
            end(connection, pipe);
        } finally {
            pipe.release();
            connection.transport(transport);
            features.set(ConnectionReadAheadFeature.class, readAhead);
        }
    }

    /** Says that this is all. Not when the pipeline failed: the client must not believe that. */
    private static void end(ConnectionContext connection, SslDuplexPipe pipe) {
        try {
            pipe.end();
        } catch (IOException e) {
            log(connection, "the client has gone before the end of TLS", e);
        }
    }

    private static void log(ConnectionContext connection, String what, @Nullable Exception error) {
        LOG.log(
                Level.DEBUG,
                () ->
                        connection.connectionId()
                                + " from "
                                + connection.remoteAddress()
                                + ": "
                                + what
                                + (error == null ? "" : ": " + error.getMessage()));
    }
}
