package dev.kestrel.internal.http1;

import dev.kestrel.connections.DecrementConcurrentConnectionCountFeature;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.http.BadHttpRequestException;
import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpUpgradeFeature;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.protocol.ResponseFraming;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** The ways out of HTTP: Upgrade (RFC 9110 section 7.8) and CONNECT (section 9.3.6). */
final class Http1Takeover implements HttpUpgradeFeature, HttpConnectFeature {

    private final Http1Connection connection;
    private final Http1RequestHead head;
    private final Http1OutputProducer output;
    private final Http1ResponseRules rules;
    private final DuplexPipe transport;
    private boolean taken;
    private boolean counted;

    Http1Takeover(
            Http1Connection connection,
            Http1RequestHead head,
            Http1OutputProducer output,
            Http1ResponseRules rules,
            DuplexPipe transport) {
        this.connection = connection;
        this.head = head;
        this.output = output;
        this.rules = rules;
        this.transport = transport;
    }

    @Override
    public boolean isUpgradable() {
        return head.upgrade;
    }

    @Override
    public DuplexPipe upgrade() throws IOException {
        if (!isUpgradable()) {
            throw new IllegalStateException(
                    "The client did not offer to upgrade, or its request has a body");
        }
        checkNotStarted();
        if (!connection.upgradeSlots().tryAcquire()) {
            throw new BadHttpRequestException(
                    503,
                    "There are as many upgraded connections as limits.maxConcurrentUpgradedConnections allows");
        }
        counted = true;
        return take(101);
    }

    @Override
    public boolean isConnect() {
        return connection.request().method().equals("CONNECT");
    }

    @Override
    public @Nullable String protocol() {
        return null;
    }

    @Override
    public DuplexPipe accept() throws IOException {
        int status = connection.response().status();
        if (!ResponseFraming.isTunnel(status, connection.request().method())) {
            throw new IllegalStateException(
                    "Only CONNECT with a status of 2xx is accepted, not "
                            + connection.request().method()
                            + " with "
                            + status);
        }
        checkNotStarted();
        connection
                .response()
                .headers()
                .remove(KnownHeader.CONTENT_LENGTH)
                .remove(KnownHeader.TRANSFER_ENCODING);
        return take(status);
    }

    private void checkNotStarted() {
        if (connection.response().hasStarted()) {
            throw new IllegalStateException("The response has already started");
        }
    }

    private DuplexPipe take(int status) throws IOException {
        taken = true;
        rules.close();
        DecrementConcurrentConnectionCountFeature slot =
                connection.features().get(DecrementConcurrentConnectionCountFeature.class);
        if (slot != null && counted) {
            slot.releaseConnection();
        }
        output.rate(null);
        connection.endOfHttp();
        output.switchProtocol(status, connection.response().headers());
        return transport;
    }

    /** Whether the application has taken the connection over. */
    boolean isTaken() {
        return taken;
    }

    /** The application has returned, in whatever way: gives back what the takeover holds. */
    void end() {
        if (counted) {
            counted = false;
            connection.upgradeSlots().release();
        }
    }
}
