package dev.kestrel.internal.http3;

import dev.kestrel.internal.hpack.HPackName;
import dev.kestrel.internal.hpack.HPackSink;
import dev.kestrel.internal.protocol.ProtocolRequest;
import dev.kestrel.internal.protocol.PseudoField;
import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestHead;
import dev.kestrel.options.KestrelServerOptions;

import org.jspecify.annotations.Nullable;

/** Takes the field sections of a stream (RFC 9114 section 4.3). Belongs to the stream's thread. */
final class Http3RequestHead extends RequestHead implements HPackSink {

    private static final HPackName METHOD = HPackName.of(":method");
    private static final HPackName SCHEME = HPackName.of(":scheme");
    private static final HPackName AUTHORITY = HPackName.of(":authority");
    private static final HPackName PATH = HPackName.of(":path");
    private static final String PROTOCOL = ":protocol";

    Http3RequestHead(KestrelServerOptions options, String transportScheme) {
        super(options, "HTTP/3", transportScheme, true);
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
     * Makes the section a request, once it is complete.
     *
     * @param endStream whether nothing follows, as far as is known
     * @throws Http3StreamException when it is malformed (RFC 9114 section 4.1.2), or longer than a
     *     request line may be
     * @throws RejectedRequestException when it is not, but deserves a status other than the
     *     application's; the request is complete enough to be answered
     */
    void makeRequest(ProtocolRequest request, boolean endStream)
            throws Http3StreamException, RejectedRequestException {
        String wrong = apply(request, endStream);
        if (wrong != null) {
            throw new Http3StreamException(
                    isTooLong() ? Http3ErrorCode.REQUEST_REJECTED : Http3ErrorCode.MESSAGE_ERROR,
                    wrong);
        }
    }

    /**
     * Checks a trailer section, once it is complete.
     *
     * @throws Http3StreamException when it is malformed
     */
    void checkTrailers() throws Http3StreamException {
        String wrong = malformed();
        if (wrong != null) {
            throw new Http3StreamException(Http3ErrorCode.MESSAGE_ERROR, wrong);
        }
    }
}
