package dev.kestrel.connections;

import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;

/**
 * Two pipes, one in each direction, as one side sees them. Connection middleware wraps one in
 * another: a log, TLS.
 */
public interface DuplexPipe {

    /**
     * What the peer sends.
     *
     * @return always the same reader
     */
    PipeReader input();

    /**
     * What is sent to the peer.
     *
     * @return always the same writer
     */
    PipeWriter output();

    /**
     * Puts two pipes together.
     *
     * @param input what the peer sends
     * @param output what is sent to the peer
     * @return a pair of them
     */
    static DuplexPipe of(PipeReader input, PipeWriter output) {
        record Pair(PipeReader input, PipeWriter output) implements DuplexPipe {}
        return new Pair(input, output);
    }
}
