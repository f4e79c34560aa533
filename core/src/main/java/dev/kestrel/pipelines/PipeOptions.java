package dev.kestrel.pipelines;

/**
 * When a {@link Pipe} makes its writer wait.
 *
 * @param pauseWriterThreshold how many bytes that the reader has not looked at make {@code flush}
 *     wait; zero for never
 * @param resumeWriterThreshold {@code flush} goes on once there are fewer bytes than this: at least
 *     one and at most the other threshold, zero only when that is zero
 */
public record PipeOptions(long pauseWriterThreshold, long resumeWriterThreshold) {

    /** Pauses at 64 KiB and resumes below 32 KiB. */
    public static final PipeOptions DEFAULT = new PipeOptions(64 * 1024, 32 * 1024);

    /** Never makes the writer wait. */
    public static final PipeOptions UNLIMITED = new PipeOptions(0, 0);

    /**
     * Checks the thresholds.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names it
     */
    public PipeOptions {
        if (pauseWriterThreshold < 0) {
            throw new IllegalArgumentException(
                    "pauseWriterThreshold must be 0 or more, not " + pauseWriterThreshold);
        }
        if (resumeWriterThreshold > pauseWriterThreshold
                || resumeWriterThreshold < Math.min(1, pauseWriterThreshold)) {
            throw new IllegalArgumentException(
                    "resumeWriterThreshold must be from "
                            + Math.min(1, pauseWriterThreshold)
                            + " to pauseWriterThreshold ("
                            + pauseWriterThreshold
                            + "), not "
                            + resumeWriterThreshold);
        }
    }
}
