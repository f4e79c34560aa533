package dev.kestrel.internal.http2;

import dev.kestrel.http.HttpHeaders;

import org.jspecify.annotations.Nullable;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The header blocks of a response, from when the stream's thread has them until the writer's thread
 * encodes them. The fields do not change in between.
 */
final class Http2OutputHead {

    /** An interim response. */
    record Interim(int status, HttpHeaders fields) {}

    private static final HttpHeaders NOTHING = new HttpHeaders();

    private volatile @Nullable Queue<Interim> interims;
    private int status;
    private HttpHeaders fields = NOTHING;
    private @Nullable HttpHeaders trailers;
    private boolean waiting;
    private volatile boolean published;

    /** Queues an interim response, before {@link #publish}. On the stream's thread. */
    void addInterim(int interimStatus, HttpHeaders interimFields) {
        Queue<Interim> queue = interims;
        if (queue == null) {
            queue = new ConcurrentLinkedQueue<>();
            interims = queue;
        }
        queue.add(new Interim(interimStatus, interimFields));
    }

    /** Sets the head, which the writer does not see yet. On the stream's thread. */
    void set(int finalStatus, HttpHeaders finalFields) {
        status = finalStatus;
        fields = finalFields;
        waiting = true;
    }

    /** Sets the trailers, before the pipe's writer is completed. On the stream's thread. */
    void trailers(@Nullable HttpHeaders value) {
        trailers = value;
    }

    /**
     * Lets the writer see the head. On the stream's thread.
     *
     * @return whether it had not seen it
     */
    boolean publish() {
        if (!waiting) {
            return false;
        }
        waiting = false;
        published = true;
        return true;
    }

    /**
     * Whether there is a head. The writer asks before it takes the interim responses: then it has
     * all of them that go before the head.
     */
    boolean isPublished() {
        return published;
    }

    /** Takes the next interim response out. */
    @Nullable Interim pollInterim() {
        Queue<Interim> queue = interims;
        return queue == null ? null : queue.poll();
    }

    int status() {
        return status;
    }

    HttpHeaders fields() {
        return fields;
    }

    /** The trailers; only once the pipe was seen completed. */
    @Nullable HttpHeaders trailers() {
        return trailers;
    }

    void clear() {
        interims = null;
        fields = NOTHING;
        trailers = null;
        waiting = false;
        published = false;
    }
}
