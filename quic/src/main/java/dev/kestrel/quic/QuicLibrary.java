package dev.kestrel.quic;

import io.netty.handler.codec.quic.Quic;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** The native library, which may be missing. Safe for use by any thread. */
final class QuicLibrary {

    static final QuicLibrary INSTANCE = new QuicLibrary(Quic::unavailabilityCause);

    private final Supplier<@Nullable Throwable> loader;

    /**
     * Wraps what loads it.
     *
     * @param loader loads it, once, and says why it could not; throws linkage errors, too
     */
    QuicLibrary(Supplier<@Nullable Throwable> loader) {
        this.loader = loader;
    }

    /** A sentence that says why it does not work here, or {@code null} when it does. */
    @Nullable String unavailable() {
        Throwable problem;
        try {
            problem = loader.get();
        } catch (LinkageError e) {
            problem = e;
        }
        return problem == null
                ? null
                : "The native QUIC library can not be used on "
                        + System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.arch")
                        + ": "
                        + reason(problem);
    }

    /** What went wrong is often told by the last cause alone; its first line is enough. */
    private static String reason(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString().lines().findFirst().orElse("no reason given");
    }
}
