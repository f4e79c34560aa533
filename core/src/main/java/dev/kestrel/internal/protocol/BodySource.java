package dev.kestrel.internal.protocol;

import dev.kestrel.pipelines.ReadResult;

import org.jspecify.annotations.Nullable;

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

    /**
     * The bytes where they are, or {@code null} when they have to be copied out of their framing.
     */
    default @Nullable InPlace inPlace() {
        return null;
    }

    /** A body that lies in a pipe as it is. */
    interface InPlace {

        /** How many bytes were not consumed. */
        long left();

        /**
         * What there is, at least one byte; while something is left.
         *
         * @param wait whether to wait for bytes that were not examined, instead of {@code null}
         * @throws RejectedRequestException when the body ends early or is too slow
         * @throws IOException when the connection failed
         */
        @Nullable ReadResult show(boolean wait) throws IOException;

        /** Says how far what {@link #show} gave was used. */
        void advanceTo(long consumed, long examined);
    }
}
