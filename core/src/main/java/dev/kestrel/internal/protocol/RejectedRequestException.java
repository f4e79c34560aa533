package dev.kestrel.internal.protocol;

import dev.kestrel.http.BadHttpRequestException;

/** A request that an engine refuses for what the client sent. */
public final class RejectedRequestException extends BadHttpRequestException {

    private static final long serialVersionUID = 1L;

    private final RequestRejectionReason reason;

    RejectedRequestException(RequestRejectionReason reason) {
        super(reason.status(), reason.message());
        this.reason = reason;
    }

    /** Why. */
    public RequestRejectionReason reason() {
        return reason;
    }
}
