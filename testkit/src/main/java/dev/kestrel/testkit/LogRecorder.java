package dev.kestrel.testkit;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Hears what the server logs at {@code INFO} and above, in place of the console. It hears all
 * servers of the process: tests that look at logs run one after another.
 */
public final class LogRecorder implements AutoCloseable {

    private final Logger logger;
    private final boolean usedParents;
    private final List<LogRecord> records = new ArrayList<>();
    private final List<Predicate<LogRecord>> expected = new ArrayList<>();
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord entry) {
                    if (entry.getLevel().intValue() >= Level.INFO.intValue()) {
                        add(entry);
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    /** Starts to listen to {@code dev.kestrel} and everything below. */
    public LogRecorder() {
        logger = Logger.getLogger("dev.kestrel");
        usedParents = logger.getUseParentHandlers();
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    private void add(LogRecord entry) {
        synchronized (records) {
            records.add(entry);
        }
    }

    /**
     * Says that an entry is part of the test.
     *
     * @param text what its message, or that of the exception with it, contains
     * @return this
     */
    public LogRecorder expect(String text) {
        synchronized (records) {
            expected.add(entry -> describe(entry).contains(text));
        }
        return this;
    }

    /**
     * What was logged so far.
     *
     * @return level, logger, message and exception of each entry
     */
    public List<String> entries() {
        synchronized (records) {
            return records.stream().map(LogRecorder::describe).toList();
        }
    }

    /**
     * What was logged at {@code WARNING} and above without being expected.
     *
     * @return level, logger, message and exception of each entry
     */
    public List<String> unexpected() {
        synchronized (records) {
            return records.stream()
                    .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                    .filter(entry -> expected.stream().noneMatch(e -> e.test(entry)))
                    .map(LogRecorder::describe)
                    .toList();
        }
    }

    private static String describe(LogRecord entry) {
        String message = entry.getMessage();
        if (entry.getParameters() != null && entry.getParameters().length > 0) {
            message = MessageFormat.format(message, entry.getParameters());
        }
        StringBuilder text =
                new StringBuilder(entry.getLevel() + " " + entry.getLoggerName() + ": " + message);
        for (Throwable e = entry.getThrown(); e != null; e = e.getCause()) {
            text.append("\n  ").append(e);
            StackTraceElement[] trace = e.getStackTrace();
            for (int i = 0; i < Math.min(8, trace.length); i++) {
                text.append("\n    at ").append(trace[i]);
            }
        }
        return text.toString();
    }

    /** Stops listening. */
    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(usedParents);
    }
}
