package dev.kestrel.internal.http2;

import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.hpack.HPackSink;
import dev.kestrel.internal.protocol.ProtocolRequest;
import dev.kestrel.internal.protocol.PseudoField;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestHead;
import dev.kestrel.options.KestrelServerOptions;

import org.jspecify.annotations.Nullable;

/**
 * Takes a decoded header block (RFC 9113 section 8.3). The rules are those of all versions but the
 * first; a block that breaks them is a stream error here.
 *
 * <p>One serves a connection, on its frame loop, block after block.
 */
final class Http2RequestHead extends RequestHead implements HPackSink {

    private static final HPackName METHOD = HPackName.of(":method");
    private static final HPackName SCHEME = HPackName.of(":scheme");
    private static final HPackName AUTHORITY = HPackName.of(":authority");
    private static final HPackName PATH = HPackName.of(":path");
    private static final String PROTOCOL = ":protocol";

    /**
     * Makes the head of a connection.
     *
     * @param transportScheme {@code http} or {@code https}
     */
    Http2RequestHead(KestrelServerOptions options, String transportScheme) {
        super(options, "HTTP/2", transportScheme, false);
    }

    @Override
    public void onField(HPackName name, String value) {
        if (!count(name.text().length(), value.length())) {
            return;
        }
        if (name.isPseudo()) {
            takePseudo(pseudo(name), value);
        } else {
            takeRegular(name.isWellFormed(), name.known(), name.text(), value);
        }
    }

    private static @Nullable PseudoField pseudo(HPackName name) {
        if (name == METHOD) {
            return PseudoField.METHOD;
        } else if (name == PATH) {
            return PseudoField.PATH;
        } else if (name == SCHEME) {
            return PseudoField.SCHEME;
        } else if (name == AUTHORITY) {
            return PseudoField.AUTHORITY;
        } else {
            return name.text().equals(PROTOCOL) ? PseudoField.PROTOCOL : null;
        }
    }

    /**
     * Makes the block a request, once it is complete.
     *
     * @param endStream whether nothing follows the block
     * @throws Http2StreamException when it is malformed (RFC 9113 section 8.1.1)
     * @throws RejectedRequestException when it is not, but deserves a status other than the
     *     application's; the request is complete enough to be answered
     */
    void apply(int streamId, ProtocolRequest request, boolean endStream)
            throws Http2StreamException, RejectedRequestException {
        requireWellFormed(streamId, apply(request, endStream));
    }

    /**
     * Checks a trailer section, once it is complete.
     *
     * @throws Http2StreamException when it is malformed
     */
    void applyTrailers(int streamId) throws Http2StreamException {
        requireWellFormed(streamId, malformed());
    }

    private static void requireWellFormed(int streamId, @Nullable String malformed)
            throws Http2StreamException {
        if (malformed != null) {
            throw new Http2StreamException(streamId, Http2ErrorCode.PROTOCOL_ERROR, malformed);
        }
    }
}
