package dev.kestrel.internal.http2;

import dev.kestrel.options.Http2Limits;
import dev.kestrel.options.KestrelServerLimits;

import java.util.stream.LongStream;

/**
 * What the client's SETTINGS say (RFC 9113 section 6.5.2), checked. The frame loop changes them and
 * hands on what the writer needs.
 */
final class Http2Settings {

    static final int HEADER_TABLE_SIZE = 0x1;
    static final int ENABLE_PUSH = 0x2;
    static final int MAX_CONCURRENT_STREAMS = 0x3;
    static final int INITIAL_WINDOW_SIZE = 0x4;
    static final int MAX_FRAME_SIZE = 0x5;
    static final int MAX_HEADER_LIST_SIZE = 0x6;
    static final int ENABLE_CONNECT_PROTOCOL = 0x8;
    static final int NO_RFC7540_PRIORITIES = 0x9;

    /** How long one parameter is in the payload. */
    static final int PARAMETER_LENGTH = 6;

    static final int DEFAULT_WINDOW = 65535;
    static final int DEFAULT_FRAME_SIZE = 16384;
    private static final int MAX_FRAME_SIZE_LIMIT = (1 << 24) - 1;

    private static final int DEFAULT_TABLE_SIZE = 4096;

    private int headerTableSize = DEFAULT_TABLE_SIZE;
    private int initialWindowSize = DEFAULT_WINDOW;
    private int maxFrameSize = DEFAULT_FRAME_SIZE;

    /** Unlimited until the client says otherwise. */
    private long maxHeaderListSize = Long.MAX_VALUE;

    /** What this side says first: pairs of what is not as the RFC has it by default. */
    static long[] initial(KestrelServerLimits limits) {
        Http2Limits http2 = limits.http2();
        LongStream.Builder pairs = LongStream.builder();
        if (http2.headerTableSize() != DEFAULT_TABLE_SIZE) {
            pairs.add(HEADER_TABLE_SIZE).add(http2.headerTableSize());
        }
        pairs.add(MAX_CONCURRENT_STREAMS).add(http2.maxStreamsPerConnection());
        if (http2.initialStreamWindowSize() != DEFAULT_WINDOW) {
            pairs.add(INITIAL_WINDOW_SIZE).add(http2.initialStreamWindowSize());
        }
        if (http2.maxFrameSize() != DEFAULT_FRAME_SIZE) {
            pairs.add(MAX_FRAME_SIZE).add(http2.maxFrameSize());
        }
        pairs.add(MAX_HEADER_LIST_SIZE).add(limits.maxRequestHeadersTotalSize());
        pairs.add(ENABLE_CONNECT_PROTOCOL).add(1);
        // RFC 9218 section 2.1.1: without it clients would send no PRIORITY_UPDATE.
        pairs.add(NO_RFC7540_PRIORITIES).add(1);
        return pairs.build().toArray();
    }

    /** Takes a parameter; an unknown one is ignored. */
    void set(int id, int value) throws Http2ConnectionException {
        switch (id) {
            case HEADER_TABLE_SIZE ->
                    headerTableSize =
                            value < 0 ? Integer.MAX_VALUE : value; // Unsigned on the wire.
            case ENABLE_PUSH -> {
                if (value != 0 && value != 1) {
                    throw invalid("SETTINGS_ENABLE_PUSH", value, Http2ErrorCode.PROTOCOL_ERROR);
                }
            }
            case INITIAL_WINDOW_SIZE -> {
                if (value < 0) {
                    throw invalid(
                            "SETTINGS_INITIAL_WINDOW_SIZE",
                            value,
                            Http2ErrorCode.FLOW_CONTROL_ERROR);
                }
                initialWindowSize = value;
            }
            case MAX_FRAME_SIZE -> {
                if (value < DEFAULT_FRAME_SIZE || value > MAX_FRAME_SIZE_LIMIT) {
                    throw invalid("SETTINGS_MAX_FRAME_SIZE", value, Http2ErrorCode.PROTOCOL_ERROR);
                }
                maxFrameSize = value;
            }
            case NO_RFC7540_PRIORITIES -> {
                if (value != 0 && value != 1) {
                    throw invalid(
                            "SETTINGS_NO_RFC7540_PRIORITIES", value, Http2ErrorCode.PROTOCOL_ERROR);
                }
            }
            case MAX_HEADER_LIST_SIZE -> maxHeaderListSize = Integer.toUnsignedLong(value);
            default -> {
                // MAX_CONCURRENT_STREAMS is about pushes, which there are none of; others are
                // unknown.
            }
        }
    }

    private static Http2ConnectionException invalid(String name, int value, Http2ErrorCode code) {
        return new Http2ConnectionException(
                code, name + " can not be " + Integer.toUnsignedString(value));
    }

    int headerTableSize() {
        return headerTableSize;
    }

    int initialWindowSize() {
        return initialWindowSize;
    }

    int maxFrameSize() {
        return maxFrameSize;
    }

    long maxHeaderListSize() {
        return maxHeaderListSize;
    }
}
