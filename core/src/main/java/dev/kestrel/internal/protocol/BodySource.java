package dev.kestrel.internal.protocol;

import java.io.IOException;

/**
 * Where a {@link MessageBody} gets its bytes: the part that differs between versions and framings.
 */
public interface BodySource {

    /**
     * Reads some bytes, and waits when there are none.
     *
     * @param count how many may be read, at least one
     * @return how many were, or -1 at the end of the body
     * @throws RejectedRequestException when the body is malformed or ends early
     * @throws IOException when the connection failed
     */
    int read(byte[] target, int offset, int count) throws IOException;

    /**
     * How many bytes {@link #read} could give without waiting; an estimate that is zero only when
     * there are none.
     */
    int available() throws IOException;
}
