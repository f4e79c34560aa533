package dev.kestrel.benchmarks.lab;

import java.time.Duration;
import java.util.List;

/** How a work puts load on a server. */
sealed interface Load {

    /**
     * HTTP/1.1 by wrk.
     *
     * @param connections how many there are
     * @param method the method of the requests
     * @param bodySize how many bytes their bodies have
     * @param depth how many requests are sent at once
     * @param fields further header fields
     */
    record Wrk(int connections, String method, int bodySize, int depth, List<String> fields)
            implements Load {}

    /**
     * HTTP/2 by h2load.
     *
     * @param connections how many there are
     * @param streams how many requests each has open
     * @param bodySize how many bytes their bodies have; without one it is GET, with one POST
     */
    record H2load(int connections, int streams, int bodySize) implements Load {}

    /**
     * HTTP/3 by h2load where it can, and otherwise by the lab's own client.
     *
     * @param connections how many there are
     * @param streams how many requests each has open
     * @param bodySize how many bytes their bodies have; without one it is GET, with one POST
     */
    record Http3(int connections, int streams, int bodySize) implements Load {}

    /**
     * HTTP/1.1, as many requests a second as half of what the slowest server on a JVM can answer.
     *
     * @param connections how many there are
     */
    record HalfLoad(int connections) implements Load {}

    /** From the start of the process to the first response. */
    record StartUp() implements Load {}

    /**
     * Connections that sent a request each and then are silent.
     *
     * @param connections how many there are
     */
    record Idle(int connections) implements Load {}

    static Wrk get(int connections) {
        return new Wrk(connections, "GET", 0, 1, List.of());
    }

    static Wrk post(int connections, int bodySize) {
        return new Wrk(connections, "POST", bodySize, 1, List.of());
    }

    /** Whether rounds of it last as long as they are told, and a server has to be warm for it. */
    default boolean isTimed() {
        return !(this instanceof StartUp || this instanceof Idle);
    }

    /** Longer than a round can take. */
    static Duration limit(int seconds) {
        return Duration.ofSeconds(seconds + 60L);
    }
}
