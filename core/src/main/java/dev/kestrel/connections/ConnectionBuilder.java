package dev.kestrel.connections;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Composes connection middleware into one {@link ConnectionDelegate}. The first one used is the
 * outermost.
 */
public final class ConnectionBuilder {

    private final List<ConnectionMiddleware> steps = new ArrayList<>();

    /** Makes an empty pipeline. */
    public ConnectionBuilder() {}

    /**
     * Adds a step behind those that are there.
     *
     * @param middleware the step
     * @return this
     */
    public ConnectionBuilder use(ConnectionMiddleware middleware) {
        steps.add(Objects.requireNonNull(middleware, "middleware"));
        return this;
    }

    /**
     * Closes the pipeline.
     *
     * @param end what runs behind the last step
     * @return the whole pipeline
     */
    public ConnectionDelegate build(ConnectionDelegate end) {
        ConnectionDelegate pipeline = Objects.requireNonNull(end, "end");
        for (ConnectionMiddleware step : steps.reversed()) {
            ConnectionDelegate next = pipeline;
            pipeline = connection -> step.invoke(connection, next);
        }
        return pipeline;
    }
}
