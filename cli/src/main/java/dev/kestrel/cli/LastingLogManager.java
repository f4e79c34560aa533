package dev.kestrel.cli;

import java.util.logging.LogManager;

/**
 * The log manager of {@code java.util.logging}, without its habit of closing the log when the
 * process begins to end. Made by the logging system, by name; handlers write to the console at once
 * and have nothing to close.
 */
public final class LastingLogManager extends LogManager {

    /** For the logging system. */
    public LastingLogManager() {}

    /**
     * Does nothing: the JDK calls this in a shutdown hook, beside the one that stops the server.
     */
    @Override
    public void reset() {}

    /** Removes handlers and levels. */
    void clear() {
        super.reset();
    }
}
