package dev.kestrel.internal.http2;

import dev.kestrel.internal.guard.FrameBudget;
import dev.kestrel.internal.guard.Guard;
import dev.kestrel.internal.guard.GuardCounters;
import dev.kestrel.internal.guard.LiveBytes;
import dev.kestrel.internal.guard.ResetBudget;
import dev.kestrel.options.Http2Limits;

/**
 * What one connection may ask for nothing in return. Each method counts, and ends the connection
 * with ENHANCE_YOUR_CALM when it is too much. SECURITY.md tells which attack each answers.
 */
final class Http2Guards {

    private static final int FRAMES_FOR_DATA = 4;
    private static final int FRAMES_FOR_REQUEST = 4;

    /** A message of gRPC that is empty has as many, and is one all the same. */
    private static final int SMALLEST_MESSAGE = 5;

    private static final int WORTH_A_FRAME = 256;

    private final Http2Limits limits;
    private final GuardCounters counters;
    private final FrameBudget frames;
    private final ResetBudget resets;
    private final ResetBudget calm;
    private final LiveBytes headers;
    private long dataFramesSeen;

    Http2Guards(Http2Limits limits, GuardCounters counters) {
        this.limits = limits;
        this.counters = counters;
        frames = new FrameBudget((int) Math.min(limits.maxControlFrames(), Integer.MAX_VALUE));
        resets = ResetBudget.ofStreamResets(limits);
        calm = ResetBudget.ofEnhanceYourCalm(limits);
        headers = new LiveBytes(limits.maxLiveHeaderBytes());
    }

    /** A frame came that brings nothing by itself. */
    void idleFrame() throws Http2ConnectionException {
        if (!frames.trySpend(1)) {
            throw enough(Guard.CONTROL_FRAMES, "too many frames that bring nothing");
        }
    }

    /** A request began. */
    void request() {
        frames.earn(FRAMES_FOR_REQUEST);
    }

    /**
     * DATA came that somebody wants, and that is not the last. One with next to no bytes brings
     * nothing; only one that is worth it pays for others.
     */
    void data(long bytes) throws Http2ConnectionException {
        if (bytes < SMALLEST_MESSAGE) {
            idleFrame();
        } else if (bytes >= WORTH_A_FRAME) {
            frames.earn(1);
        }
    }

    /** So many DATA frames were sent so far: each may be answered with window updates and pings. */
    void dataSent(long dataFrames) {
        long more = dataFrames - dataFramesSeen;
        if (more > 0) {
            dataFramesSeen = dataFrames;
            frames.earn((int) Math.min(more * FRAMES_FOR_DATA, Integer.MAX_VALUE));
        }
    }

    /**
     * A stream is reset before it was answered, by the client or for what the client sent
     * (CVE-2023-44487, CVE-2025-8671).
     */
    void reset() throws Http2ConnectionException {
        if (!resets.trySpend()) {
            throw enough(Guard.STREAM_RESETS, "too many streams are reset");
        }
    }

    /** A stream is refused. */
    void refused(Http2ErrorCode code) throws Http2ConnectionException {
        if (code == Http2ErrorCode.ENHANCE_YOUR_CALM) {
            counters.rejected(Guard.ENHANCE_YOUR_CALM);
            if (!calm.trySpend()) {
                throw new Http2AbortException(
                        "too many streams are opened while those that were reset still run");
            }
        } else {
            counters.rejected(Guard.REFUSED_STREAMS);
            reset();
        }
    }

    /** So many CONTINUATION frames came for one block (CVE-2024-27316). */
    void continuations(int count) throws Http2ConnectionException {
        if (count > limits.maxContinuationFrames()) {
            throw enough(Guard.CONTINUATION_FRAMES, "a header block has too many frames");
        }
    }

    /** So many replies wait for a client that does not read them (CVE-2019-9512). */
    void queuedReplies(int count) throws Http2ConnectionException {
        if (count > limits.maxQueuedReplies()) {
            throw enough(Guard.QUEUED_REPLIES, "too many replies wait to be read");
        }
    }

    /** A header list is too long; the count of those alone. */
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

    /** A beat of the heart. */
    void tick() {
        frames.tick();
        resets.tick();
        calm.tick();
    }

    private Http2ConnectionException enough(Guard guard, String why) {
        counters.rejected(guard);
        return new Http2ConnectionException(Http2ErrorCode.ENHANCE_YOUR_CALM, "Enough: " + why);
    }
}
