package dev.kestrel.internal.loops;

import java.lang.System.Logger.Level;

/** Says what went wrong where nothing may be thrown, even when there is no memory to say it. */
final class LoopFailures {

    private static final System.Logger LOG = System.getLogger(Loop.class.getName());

    private LoopFailures() {}

    static void report(String message, Throwable failure) {
        try {
            LOG.log(Level.ERROR, message, failure);
        } catch (Throwable e) { // Out of memory, say: a loop that is silent goes on.
            failure.addSuppressed(e);
        }
    }
}
