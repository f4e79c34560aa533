package dev.kestrel.quic;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsConnectionFeature;
import dev.kestrel.connections.tls.TlsEngineSettings;
import dev.kestrel.connections.tls.TlsVersion;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Watches a connection's channel from its first packet on: its handshake, its streams, its end.
 * Used by the loop alone.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

    private static final System.Logger LOG = System.getLogger(QuicTransport.class.getName());

    /** RFC 9001 section 4.8: alerts of TLS as codes of QUIC. */
    private static final int CRYPTO_ERROR = 0x100;

    private static final int BAD_CERTIFICATE = 42;
    private static final int CERTIFICATE_REQUIRED = 116;

    private static final X509Certificate[] NO_CERTIFICATES = new X509Certificate[0];

    private final QuicLoop loop;
    private final Shared shared;
    private final Handshake handshake;
    private final SSLEngine engine;
    private @Nullable Future<?> timeout;
    private @Nullable QuicConnection connection;
    private boolean counted;
    private boolean ended;

    ConnectionHandler(QuicLoop loop, SSLEngine engine) {
        this.loop = loop;
        this.shared = loop.shared();
        this.handshake = new Handshake(shared.hosts());
        this.engine = engine;
    }

    @Override
    public void channelRegistered(ChannelHandlerContext context) {
        counted = true;
        shared.handshakes().started();
        timeout =
                context.executor()
                        .schedule(
                                () -> {
                                    LOG.log(Level.DEBUG, "A QUIC handshake took too long");
                                    context.close();
                                },
                                TimeUnit.MILLISECONDS.convert(
                                        shared.hosts().selector().handshakeTimeout()),
                                TimeUnit.MILLISECONDS);
        context.fireChannelRegistered();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case SniCompletionEvent named -> handshake.named(named.hostname());
            case SslHandshakeCompletionEvent done when done.isSuccess() -> completed(context);
            case SslHandshakeCompletionEvent failed ->
                    LOG.log(Level.DEBUG, "A QUIC handshake failed", failed.cause());
            case QuicStreamLimitChangedEvent changed -> {
                QuicConnection current = connection;
                if (current != null) {
                    current.limitsChanged();
                }
            }
            case QuicConnectionCloseEvent closed -> closedByPeer(closed);
            default -> {}
        }
    }

    /**
     * A stream was opened. The library looks for others that the client has opened once for each
     * time it is asked to, and not again until all packets that came were read: asked here, it
     * finds them in time for whoever serves them to answer with the same packets.
     */
    @Override
    public void channelRead(ChannelHandlerContext context, Object stream) {
        context.fireChannelRead(stream);
        context.read();
    }

    private void completed(ChannelHandlerContext context) {
        QuicChannel channel = (QuicChannel) context.channel();
        if (connection != null || ended) {
            return;
        }
        QuicConnection made =
                new QuicConnection(channel, loop.queue(), loop.scratch(), shared.settings());
        connection = made;
        X509Certificate[] chain = peerCertificates();
        try {
            TlsEngineSettings settings = handshake.settings();
            if (chain.length == 0
                    && settings.clientCertificates() == ClientCertificateMode.REQUIRE) {
                refuse(context, CERTIFICATE_REQUIRED, "The client has shown no certificate");
            } else if (chain.length == 0) {
                accept(made, settings, chain);
            } else {
                check(context, made, settings, chain);
            }
        } catch (CertificateException e) {
            refuse(context, BAD_CERTIFICATE, String.valueOf(e.getMessage()));
        }
    }

    /** Who decides may have to ask somebody. */
    private void check(
            ChannelHandlerContext context,
            QuicConnection made,
            TlsEngineSettings settings,
            X509Certificate[] chain) {
        Thread.ofVirtual()
                .name("kestrel-quic-trust")
                .start(
                        () -> {
                            String problem = ClientTrust.problemWith(settings, chain);
                            loop.queue()
                                    .add(
                                            LoopTask.of(
                                                    () -> {
                                                        if (ended) {
                                                            return;
                                                        }
                                                        if (problem == null) {
                                                            accept(made, settings, chain);
                                                        } else {
                                                            refuse(
                                                                    context,
                                                                    BAD_CERTIFICATE,
                                                                    problem);
                                                        }
                                                    }));
                        });
    }

    private void accept(QuicConnection made, TlsEngineSettings settings, X509Certificate[] chain) {
        boolean asked = settings.clientCertificates() != ClientCertificateMode.NONE;
        made.features()
                .set(
                        TlsConnectionFeature.class,
                        new NegotiatedTls(
                                TlsVersion.TLS_1_3,
                                NegotiatedTls.suite(engine.getSession().getCipherSuite()),
                                handshake.serverName(),
                                engine.getApplicationProtocol(),
                                asked ? List.of(chain) : List.of()));
        handshakeIsOver(true);
        shared.connections().add(made);
        if (!shared.acceptor().offer(made)) {
            made.shut(new ConnectionAbortedException("Too many connections wait to be accepted"));
        }
    }

    private void refuse(ChannelHandlerContext context, int alert, String why) {
        LOG.log(Level.DEBUG, () -> "A client was refused: " + why);
        QuicConnection made = connection;
        if (made != null) {
            made.end(new ConnectionAbortedException(why));
        }
        ((QuicChannel) context.channel())
                .close(
                        false,
                        CRYPTO_ERROR + alert,
                        Unpooled.copiedBuffer("refused", StandardCharsets.US_ASCII));
    }

    private X509Certificate[] peerCertificates() {
        try {
            return Arrays.stream(engine.getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        } catch (SSLPeerUnverifiedException e) {
            return NO_CERTIFICATES;
        }
    }

    private void closedByPeer(QuicConnectionCloseEvent event) {
        QuicConnection current = connection;
        if (current == null) {
            return;
        }
        long code = event.error() & 0xffff_ffffL;
        boolean good =
                event.isApplicationClose()
                        ? code == shared.settings().options().defaultCloseErrorCode()
                        : code == 0;
        current.end(
                good
                        ? null
                        : new ConnectionResetException(
                                "The client has closed the connection with "
                                        + (event.isApplicationClose() ? "" : "QUIC's ")
                                        + "code "
                                        + code,
                                code));
    }

    /** The client has opened a stream, and its channel is to be set up. */
    void opened(QuicStreamChannel stream) {
        QuicConnection current = connection;
        if (current == null) {
            stream.close();
        } else {
            current.opened(stream);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.log(Level.DEBUG, "A QUIC connection has a problem", cause);
        QuicConnection current = connection;
        if (current != null && !context.channel().isActive()) {
            current.end(new ConnectionResetException(String.valueOf(cause.getMessage()), cause));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end((QuicChannel) context.channel());
        context.fireChannelInactive();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext context) {
        end((QuicChannel) context.channel());
        context.fireChannelUnregistered();
    }

    private void end(QuicChannel channel) {
        ended = true;
        handshakeIsOver(false);
        QuicConnection current = connection;
        if (current != null) {
            IOException reason =
                    new ConnectionResetException(
                            channel.isTimedOut()
                                    ? "Nothing was heard of the client for too long"
                                    : "The connection has failed",
                            null);
            shared.connections().remove(current);
            current.end(reason);
        }
    }

    private void handshakeIsOver(boolean completed) {
        Future<?> pending = timeout;
        if (pending != null) {
            pending.cancel(false);
            timeout = null;
        }
        if (counted) {
            counted = false;
            shared.handshakes().ended(completed);
        }
    }
}
