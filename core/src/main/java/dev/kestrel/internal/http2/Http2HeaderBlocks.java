package dev.kestrel.internal.http2;

import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.hpack.HPackDecoder;
import dev.kestrel.internal.hpack.HPackException;
import dev.kestrel.internal.hpack.HPackLimits;
import dev.kestrel.internal.hpack.HPackResult;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.options.KestrelServerLimits;

import org.jspecify.annotations.Nullable;

/**
 * HEADERS and the CONTINUATIONs behind them (RFC 9113 sections 6.2 and 6.10): a new request, the
 * trailers of one, or a block that is decoded only so that the compression stays in step. Frame
 * loop only.
 */
final class Http2HeaderBlocks {

    private static final int PRIORITY_LENGTH = 5;

    /** The end of a block, for whoever starts the streams. */
    interface Requests {
        /** Whether a stream may begin; when not, the code to refuse it with. */
        @Nullable Http2ErrorCode opened(int streamId);

        /** A stream that can be {@linkplain Http2Stream#begin begun}. */
        Http2Stream rent();

        /** A stream was begun, and nothing will become of it. */
        void giveBack(Http2Stream stream);

        /** The request is complete up to its body. */
        void start(Http2Stream stream, Http2RequestHead head, boolean endStream)
                throws Http2ConnectionException;

        /** The stream does not begin. */
        void refuse(int streamId, Http2ErrorCode code, String why, boolean endStream)
                throws Http2ConnectionException;
    }

    private final Http2Streams streams;
    private final Http2Guards guards;
    private final Requests requests;
    private final TimeoutControl timeouts;
    private final long headersTimeout;
    private final HPackDecoder decoder;
    private final Http2RequestHead head;

    /** The stream whose block is open; zero between blocks. */
    private int openId;

    /** What the block is for: a new request or trailers; nobody when it is only decoded. */
    private @Nullable Http2Stream stream;

    private boolean trailers;
    private boolean endStream;
    private @Nullable Http2ErrorCode refusal;
    private @Nullable Http2StreamException error;
    private int continuations;
    private boolean timed;
    private int highestId;

    Http2HeaderBlocks(Http2StreamParts parts, Requests requests, Http2RequestHead head) {
        streams = parts.streams();
        guards = parts.guards();
        timeouts = parts.context().timeouts();
        this.requests = requests;
        this.head = head;
        KestrelServerLimits limits = parts.context().services().options().limits();
        headersTimeout = TimeoutControl.nanos(limits.requestHeadersTimeout());
        decoder =
                new HPackDecoder(
                        4096,
                        new HPackLimits(
                                limits.http2().maxRequestHeaderFieldSize(),
                                limits.maxRequestHeadersTotalSize(),
                                limits.maxRequestHeaderCount()));
    }

    /** The stream whose block has not ended: no other frame may come. Zero for none. */
    int openId() {
        return openId;
    }

    /** The highest stream that the client has opened. */
    int highestId() {
        return highestId;
    }

    /** Our SETTINGS hold from now on. */
    void settingsAcknowledged(int headerTableSize) {
        decoder.setMaxTableSize(headerTableSize);
    }

    /** HEADERS. */
    void headers(Http2Frame frame) throws Http2ConnectionException, Http2StreamException {
        int id = frame.streamId();
        boolean hasPriority = frame.has(Http2Flags.PRIORITY);
        frame.load();
        frame.removePadding(hasPriority ? PRIORITY_LENGTH : 0);
        stream = null;
        refusal = null;
        error = null;
        continuations = 0;
        endStream = frame.has(Http2Flags.END_STREAM);
        if (id > highestId) {
            beginRequest(id);
        } else {
            beginFurther(id, streams.get(id));
        }
        if (hasPriority) {
            if ((frame.intAt(0) & Integer.MAX_VALUE) == id) {
                fail(Http2ErrorCode.PROTOCOL_ERROR, "The stream depends on itself");
            }
            frame.skip(PRIORITY_LENGTH);
        }
        decode(frame);
    }

    private void beginRequest(int id) {
        openId = id;
        highestId = id;
        trailers = false;
        refusal = requests.opened(id);
        if (refusal != null) {
            head.beginDiscard();
        } else {
            Http2Stream fresh = requests.rent();
            fresh.begin(id);
            stream = fresh;
            head.beginRequest(fresh.request().mutableHeaders());
        }
    }

    /** A second block of a stream: trailers, or what came too late. */
    private void beginFurther(int id, @Nullable Http2Stream existing)
            throws Http2ConnectionException {
        if (existing == null
                || existing.state().isResetReceived()
                || (existing.state().isInputEnded() && existing.state().isClosed())) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.STREAM_CLOSED, "HEADERS on closed stream " + id);
        }
        openId = id;
        trailers = true;
        if (existing.state().isInputEnded()) {
            head.beginDiscard();
            fail(Http2ErrorCode.STREAM_CLOSED, "HEADERS behind the end of the request");
        } else if (existing.state().isResetSent()) {
            head.beginDiscard();
            stream = existing;
        } else {
            stream = existing;
            head.beginTrailers(existing.request().mutableTrailers());
            if (!endStream) {
                fail(Http2ErrorCode.PROTOCOL_ERROR, "Trailers without END_STREAM");
            } else if (existing.isTunnel()) {
                fail(Http2ErrorCode.PROTOCOL_ERROR, "Trailers in a tunnel");
            } else {
                existing.trailersBegin();
            }
        }
    }

    /** CONTINUATION. */
    void continuation(Http2Frame frame) throws Http2ConnectionException, Http2StreamException {
        if (openId == 0) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.PROTOCOL_ERROR, "CONTINUATION without HEADERS");
        }
        guards.continuations(++continuations);
        frame.load();
        decode(frame);
    }

    private void decode(Http2Frame frame) throws Http2ConnectionException, Http2StreamException {
        boolean last = frame.has(Http2Flags.END_HEADERS);
        HPackResult result;
        try {
            result = decoder.decode(frame.array(), frame.from(), frame.to(), last, head);
        } catch (HPackException e) {
            throw new Http2ConnectionException(
                    Http2ErrorCode.COMPRESSION_ERROR, String.valueOf(e.getMessage()));
        }
        if (result.isFatal()) {
            guards.headerListTooLarge();
            throw new Http2ConnectionException(
                    Http2ErrorCode.PROTOCOL_ERROR, "The header list is far beyond its limits");
        }
        if (last) {
            complete(result);
        } else if (!timed) {
            // Once for the block: empty CONTINUATIONs do not buy time.
            timed = true;
            timeouts.setTimeout(headersTimeout, TimeoutReason.HEADER_BLOCK);
        }
    }

    private void complete(HPackResult result)
            throws Http2ConnectionException, Http2StreamException {
        int id = openId;
        openId = 0;
        if (timed) {
            timed = false;
            timeouts.cancelTimeout();
        }
        Http2Stream of = stream;
        stream = null;
        if (refusal != null) {
            requests.refuse(id, refusal, "There are too many streams", endStream);
        } else if (of == null) {
            throwError();
        } else if (trailers) {
            completeTrailers(of, result);
        } else {
            completeRequest(of, result);
        }
    }

    private void completeRequest(Http2Stream fresh, HPackResult result)
            throws Http2ConnectionException {
        int id = fresh.streamId();
        try {
            throwError();
            applyRules(fresh, result);
        } catch (Http2StreamException e) {
            requests.giveBack(fresh);
            requests.refuse(id, e.code(), String.valueOf(e.getMessage()), endStream);
            return;
        }
        if (!guards.tryHoldHeaders(head.headerBytes())) {
            requests.giveBack(fresh);
            requests.refuse(id, Http2ErrorCode.REFUSED_STREAM, "Too many header bytes", endStream);
            return;
        }
        requests.start(fresh, head, endStream);
    }

    private void applyRules(Http2Stream fresh, HPackResult result) throws Http2StreamException {
        if (result != HPackResult.WITHIN_LIMITS) {
            guards.headerListTooLarge();
            head.applyPartly(fresh.request());
            fresh.reject(
                    result == HPackResult.TOO_MANY_FIELDS
                            ? RequestRejectionReason.TOO_MANY_HEADERS
                            : RequestRejectionReason.HEADERS_EXCEED_MAX_TOTAL_SIZE);
            return;
        }
        try {
            head.apply(fresh.streamId(), fresh.request(), endStream);
        } catch (RejectedRequestException e) {
            fresh.reject(e.reason());
        }
    }

    private void completeTrailers(Http2Stream of, HPackResult result) throws Http2StreamException {
        if (of.state().isResetSent()) {
            if (endStream) {
                of.receiveEndOfDropped();
            }
            return;
        }
        throwError();
        head.applyTrailers(of.streamId());
        if (result != HPackResult.WITHIN_LIMITS) {
            guards.headerListTooLarge();
            throw new Http2StreamException(
                    of.streamId(),
                    Http2ErrorCode.PROTOCOL_ERROR,
                    "The trailers are beyond their limits");
        }
        if (!guards.tryHoldHeaders(head.headerBytes())) {
            throw new Http2StreamException(
                    of.streamId(), Http2ErrorCode.ENHANCE_YOUR_CALM, "Too many header bytes");
        }
        of.holdTrailers(head.headerBytes());
        of.receiveEnd();
    }

    private void fail(Http2ErrorCode code, String message) {
        if (error == null) {
            error = new Http2StreamException(openId, code, message);
        }
    }

    private void throwError() throws Http2StreamException {
        Http2StreamException thrown = error;
        if (thrown != null) {
            error = null;
            throw thrown;
        }
    }
}
