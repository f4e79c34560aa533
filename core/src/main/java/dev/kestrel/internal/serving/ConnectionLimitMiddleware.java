package dev.kestrel.internal.serving;

import dev.kestrel.connections.BaseConnectionContext;
import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.ConnectionMiddleware;
import dev.kestrel.connections.DecrementConcurrentConnectionCountFeature;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionDelegate;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionMiddleware;
import dev.kestrel.internal.guard.ResourceCounter;
import dev.kestrel.options.TimeProvider;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Refuses connections above {@code limits.maxConcurrentConnections}, without a byte. The outermost
 * step of every pipeline; all endpoints of a server share one count.
 */
final class ConnectionLimitMiddleware
        implements ConnectionMiddleware, MultiplexedConnectionMiddleware {

    private static final System.Logger LOG =
            System.getLogger(ConnectionLimitMiddleware.class.getName());

    private final ResourceCounter places;
    private final LongAdder rejected;
    private final LogThrottle throttle;

    ConnectionLimitMiddleware(ResourceCounter places, LongAdder rejected, TimeProvider time) {
        this.places = places;
        this.rejected = rejected;
        throttle = new LogThrottle(time);
    }

    @Override
    public void invoke(ConnectionContext connection, ConnectionDelegate next) throws Exception {
        Place place = enter(connection);
        if (place != null) {
            try {
                next.run(connection);
            } finally {
                place.releaseConnection();
            }
        }
    }

    @Override
    public void invoke(MultiplexedConnectionContext connection, MultiplexedConnectionDelegate next)
            throws Exception {
        Place place = enter(connection);
        if (place != null) {
            try {
                next.run(connection);
            } finally {
                place.releaseConnection();
            }
        }
    }

    /** Takes a place for a connection; {@code null} when there is none, and it was refused. */
    @Nullable Place enter(BaseConnectionContext connection) {
        if (!places.tryAcquire()) {
            refuse(connection);
            return null;
        }
        Place place = new Place(places);
        connection.features().set(DecrementConcurrentConnectionCountFeature.class, place);
        return place;
    }

    private void refuse(BaseConnectionContext connection) {
        rejected.increment();
        throttle.log(
                LOG,
                Level.WARNING,
                "Connection "
                        + connection.connectionId()
                        + " was refused: limits.maxConcurrentConnections has been reached");
        // A reset: a graceful end would keep the socket for as long as the peer likes, up to the
        // linger timeout.
        connection.abort(
                new ConnectionAbortedException("limits.maxConcurrentConnections has been reached"));
    }

    /** One connection's place, given back once. */
    static final class Place implements DecrementConcurrentConnectionCountFeature {
        private final ResourceCounter places;
        private final AtomicBoolean released = new AtomicBoolean();

        private Place(ResourceCounter places) {
            this.places = places;
        }

        @Override
        public void releaseConnection() {
            if (released.compareAndSet(false, true)) {
                places.release();
            }
        }
    }
}
