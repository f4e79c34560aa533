package dev.kestrel.internal.protocol;

import dev.kestrel.pipelines.MemoryPool;

/** Requests for the tests of engines, without the server around them. */
public final class ProtocolRequests {

    private ProtocolRequests() {}

    /** Makes a request that nothing was told yet. */
    public static ProtocolRequest create() {
        return new ProtocolRequest(new MessageBody(new MemoryPool(), () -> {}));
    }

    /** Makes one ready for the next request. */
    public static void recycle(ProtocolRequest request) {
        request.recycle();
    }
}
