package dev.kestrel.internal.http3;

import dev.kestrel.internal.guard.FrameBudget;
import dev.kestrel.internal.guard.Guard;
import dev.kestrel.internal.guard.GuardCounters;
import dev.kestrel.internal.guard.LiveBytes;
import dev.kestrel.internal.guard.ResetBudget;

/**
 * What one connection may ask for nothing in return. Each method counts, and ends the connection
 * with H3_EXCESSIVE_LOAD when it is too much (RFC 9114 section 10.5). SECURITY.md tells which
 * attack each answers. From any thread.
 */
final class Http3Guards {

    private static final int FRAMES_FOR_REQUEST = 4;

    /** A message of gRPC that is empty has as many, and is one all the same. */
    private static final int SMALLEST_MESSAGE = 5;

    private static final int WORTH_A_FRAME = 256;

    private final GuardCounters counters;
    private final FrameBudget frames;
    private final ResetBudget resets;
    private final LiveBytes headers;

    Http3Guards(Http3Bounds bounds, GuardCounters counters) {
        this.counters = counters;
        frames = new FrameBudget((int) Math.min(bounds.maxControlFrames(), Integer.MAX_VALUE));
        resets = ResetBudget.ofStreamResets(bounds.maxStreamResets());
        headers = new LiveBytes(bounds.maxLiveHeaderBytes());
    }

    /** A frame, or a stream, came that brings nothing by itself. */
    void idleFrame() throws Http3ConnectionException {
        if (!frames.trySpend(1)) {
            throw enough(Guard.CONTROL_FRAMES, "too many frames that bring nothing");
        }
    }

    /** A request began. */
    void request() {
        frames.earn(FRAMES_FOR_REQUEST);
    }

    /** DATA came. With next to no octets it brings nothing; only some pay for others. */
    void data(long bytes) throws Http3ConnectionException {
        if (bytes < SMALLEST_MESSAGE) {
            idleFrame();
        } else if (bytes >= WORTH_A_FRAME) {
            frames.earn(1);
        }
    }

    /**
     * A stream is reset before it was answered, by the client or for what the client sent
     * (CVE-2023-44487, CVE-2025-8671).
     */
    void reset() throws Http3ConnectionException {
        if (!resets.trySpend()) {
            throw enough(Guard.STREAM_RESETS, "too many streams are reset");
        }
    }

    /** A field section is too long; the count of those alone. */
    void headerListTooLarge() {
        counters.rejected(Guard.HEADER_LIST);
    }

    /** Whether a request's fields may be held with those of the others (CVE-2026-49975). */
    boolean tryHoldHeaders(long bytes) {
        if (headers.tryAcquire(bytes)) {
            return true;
        }
        counters.rejected(Guard.LIVE_HEADER_BYTES);
        return false;
    }

    /** A request's fields are held no longer. */
    void releaseHeaders(long bytes) {
        headers.release(bytes);
    }

    /** A stream is not served, for no further ones are. */
    void refused() {
        counters.rejected(Guard.REFUSED_STREAMS);
    }

    /** Something came, or was taken, too slowly. */
    void tooSlow(Guard guard) {
        counters.rejected(guard);
    }

    /** A beat of the heart. */
    void tick() {
        frames.tick();
        resets.tick();
    }

    private Http3ConnectionException enough(Guard guard, String why) {
        counters.rejected(guard);
        return new Http3ConnectionException(Http3ErrorCode.EXCESSIVE_LOAD, "Enough: " + why);
    }
}
