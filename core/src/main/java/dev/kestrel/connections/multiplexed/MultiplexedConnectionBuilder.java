package dev.kestrel.connections.multiplexed;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Composes multiplexed connection middleware into one {@link MultiplexedConnectionDelegate}. The
 * first one used is the outermost.
 */
public final class MultiplexedConnectionBuilder {

    private final List<MultiplexedConnectionMiddleware> steps = new ArrayList<>();

    /** Makes an empty pipeline. */
    public MultiplexedConnectionBuilder() {}

    /**
     * Adds a step behind those that are there.
     *
     * @param middleware the step
     * @return this
     */
    public MultiplexedConnectionBuilder use(MultiplexedConnectionMiddleware middleware) {
        steps.add(Objects.requireNonNull(middleware, "middleware"));
        return this;
    }

    /**
     * Closes the pipeline.
     *
     * @param end what runs behind the last step
     * @return the whole pipeline
     */
    public MultiplexedConnectionDelegate build(MultiplexedConnectionDelegate end) {
        MultiplexedConnectionDelegate pipeline = Objects.requireNonNull(end, "end");
        for (MultiplexedConnectionMiddleware step : steps.reversed()) {
            MultiplexedConnectionDelegate next = pipeline;
            pipeline = connection -> step.invoke(connection, next);
        }
        return pipeline;
    }
}
