package dev.kestrel.internal.http2;

import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.options.Http2Limits;

import java.time.Duration;

/**
 * Finds out that a connection is idle, or that its client is gone. Nobody reads a clock for it: the
 * frame loop says that a frame came, the heartbeat ticks, and what came since the last tick counts
 * as having come right now. So a timeout is up to one beat late and never early. As in {@link
 * TimeoutControl}, a beat counts for at most a second.
 *
 * <p>Two times run. <em>Idle</em> is how long no stream was active and no frame came; the answer to
 * the server's own PING does not count as a frame here, or a server that pings would keep every
 * connection for ever. <em>Silent</em> is how long nothing at all came, not counting time in which
 * the server itself keeps the client from sending (the connection's window is used up).
 *
 * <pre>
 * event at a tick                  QUIET                      PINGED
 * a frame came                     QUIET, silence ends        QUIET, silence ends
 * input blocked by the server      QUIET, silence ends        PINGED, the wait begins anew
 * silent for keepAlivePingDelay    PINGED, SEND_PING          (is so already)
 * no answer within pingTimeout     -                          ENDED, PING_TIMED_OUT
 * idle for keepAliveTimeout        QUIET, IDLE_TIMED_OUT      PINGED, IDLE_TIMED_OUT
 * </pre>
 *
 * In ENDED nothing happens any more. That it is idle is told at each tick until a frame comes. When
 * two are due at one tick, idle goes first, for it ends the connection in good order.
 */
final class Http2KeepAlive {

    /** What to do after a tick. */
    enum Action {
        /** Nothing. */
        NONE,
        /** Send a PING; its answer, or any other frame, ends the wait. */
        SEND_PING,
        /** The client is gone: GOAWAY INTERNAL_ERROR, as the original has it. */
        PING_TIMED_OUT,
        /** Nobody needs the connection: GOAWAY NO_ERROR. */
        IDLE_TIMED_OUT
    }

    private enum State {
        /** No PING is under way. */
        QUIET,
        /** A PING was sent and nothing came since. */
        PINGED,
        /** A timeout was told. */
        ENDED
    }

    private final long keepAliveTimeout;
    private final long pingDelay;
    private final long pingTimeout;

    /** Written by the frame loop, cleared by the heartbeat. */
    private volatile boolean frameCame;

    /** The same for the answer to a PING. */
    private volatile boolean answerCame;

    // All that follows is the heartbeat's.
    private State state = State.QUIET;
    private long lastTick;
    private long idle;

    /** How long nothing came: since the last frame when QUIET, since the PING when PINGED. */
    private long silent;

    private boolean wasActive;
    private boolean wasBlocked;

    /**
     * Starts both times.
     *
     * @param keepAliveTimeout how long a connection may be idle
     * @param limits when to ping
     * @param nanoTime the time now
     */
    Http2KeepAlive(Duration keepAliveTimeout, Http2Limits limits, long nanoTime) {
        this.keepAliveTimeout = TimeoutControl.nanos(keepAliveTimeout);
        pingDelay = TimeoutControl.nanos(limits.keepAlivePingDelay());
        pingTimeout = TimeoutControl.nanos(limits.keepAlivePingTimeout());
        lastTick = nanoTime;
    }

    /** A whole frame came, other than the answer to a PING. The frame loop calls this. */
    void frameReceived() {
        // Mostly it is true already, and a read costs less than a write.
        if (!frameCame) {
            frameCame = true;
        }
    }

    /** A PING with ACK came: the client is there, but that is no use of the connection. */
    void pingAnswered() {
        if (!answerCame) {
            answerCame = true;
        }
    }

    /**
     * A beat. Only the heartbeat calls this.
     *
     * @param nanoTime the time of the beat
     * @param streamsActive whether any stream is there
     * @param inputBlockedByUs whether the client may send no DATA because the connection's window
     *     is used up
     */
    Action tick(long nanoTime, boolean streamsActive, boolean inputBlockedByUs) {
        long beat = Math.clamp(nanoTime - lastTick, 0, TimeoutControl.HEARTBEAT);
        lastTick = nanoTime;
        boolean frame = frameCame;
        if (frame) {
            frameCame = false;
        }
        boolean answer = answerCame;
        if (answer) {
            answerCame = false;
        }
        // What ended during this beat may have ended right before it did.
        boolean active = streamsActive || wasActive;
        wasActive = streamsActive;
        boolean blocked = inputBlockedByUs || wasBlocked;
        wasBlocked = inputBlockedByUs;
        if (state == State.ENDED) {
            return Action.NONE;
        }
        idle = frame || active ? 0 : idle + beat;
        if (idle >= keepAliveTimeout) {
            return Action.IDLE_TIMED_OUT;
        }
        return ping(beat, frame || answer, blocked);
    }

    private Action ping(long beat, boolean signOfLife, boolean blocked) {
        if (signOfLife) {
            state = State.QUIET;
        }
        if (signOfLife || blocked) {
            silent = 0;
            return Action.NONE;
        }
        silent += beat;
        if (state == State.QUIET && silent >= pingDelay) {
            state = State.PINGED;
            silent = 0;
            return Action.SEND_PING;
        }
        // Later than, not at: the PING leaves right after the beat that asked for it.
        if (state == State.PINGED && silent > pingTimeout) {
            state = State.ENDED;
            return Action.PING_TIMED_OUT;
        }
        return Action.NONE;
    }
}
