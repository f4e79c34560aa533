package dev.kestrel.internal.serving;

import dev.kestrel.connections.BaseConnectionContext;
import dev.kestrel.connections.ConnectionContext;
import dev.kestrel.connections.ConnectionDelegate;
import dev.kestrel.connections.ConnectionListener;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionContext;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionDelegate;
import dev.kestrel.connections.multiplexed.MultiplexedConnectionListener;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * A listener of either kind and what its connections run through (the original's {@code
 * GenericConnectionListener} and {@code GenericMultiplexedConnectionListener}).
 */
sealed interface ConnectionSource {

    /** A connection and its pipeline. */
    record Accepted(BaseConnectionContext context, Pipeline pipeline) {}

    /** A pipeline with its connection put in. */
    @FunctionalInterface
    interface Pipeline {
        /**
         * Runs it.
         *
         * @return whether the connection is done; it waits for input otherwise, and the next call,
         *     which may be on another thread, goes on
         */
        boolean run() throws Exception;
    }

    /** Where it is bound. */
    SocketAddress endPoint();

    /** Waits for the next connection; {@code null} once it is unbound. */
    @Nullable Accepted accept() throws IOException;

    /** The thread that is to accept. */
    default Thread newThread(Runnable task) {
        return Thread.ofVirtual().inheritInheritableThreadLocals(false).unstarted(task);
    }

    void unbind();

    void close();

    /** One stream each way. */
    record Simple(ConnectionListener listener, ConnectionDelegate pipeline)
            implements ConnectionSource {
        @Override
        public Thread newThread(Runnable task) {
            return listener.newThread(task);
        }

        @Override
        public SocketAddress endPoint() {
            return listener.endPoint();
        }

        @Override
        public @Nullable Accepted accept() throws IOException {
            ConnectionContext context = listener.accept();
            return context == null ? null : new Accepted(context, pipelineOf(context));
        }

        private Pipeline pipelineOf(ConnectionContext context) {
            if (pipeline instanceof HttpConnectionMiddleware http) {
                // Not behind middleware.
                return http.alone(context);
            }
            return () -> {
                pipeline.run(context);
                return true;
            };
        }

        @Override
        public void unbind() {
            listener.unbind();
        }

        @Override
        public void close() {
            listener.close();
        }
    }

    /** Many streams. */
    record Multiplexed(
            MultiplexedConnectionListener listener, MultiplexedConnectionDelegate pipeline)
            implements ConnectionSource {
        @Override
        public SocketAddress endPoint() {
            return listener.endPoint();
        }

        @Override
        public @Nullable Accepted accept() throws IOException {
            MultiplexedConnectionContext context = listener.accept();
            if (context == null) {
                return null;
            }
            Pipeline whole =
                    () -> {
                        pipeline.run(context);
                        return true;
                    };
            return new Accepted(context, whole);
        }

        @Override
        public void unbind() {
            listener.unbind();
        }

        @Override
        public void close() {
            listener.close();
        }
    }
}
