package dev.kestrel.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sets up the log: one line a message, to standard error. */
final class Logs {

    private Logs() {}

    /** Replaces what {@code java.util.logging} does by itself. */
    static void setUp(Level level) {
        LogManager manager = LogManager.getLogManager();
        if (manager instanceof LastingLogManager lasting) {
            lasting.clear();
        } else {
            manager.reset();
        }
        ConsoleHandler handler = new ConsoleHandler();
        handler.setFormatter(new OneLine());
        handler.setLevel(Level.ALL);
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        kestrel.setLevel(level);
    }

    /** Kept, because the log manager holds loggers weakly and would forget the level. */
    private static final Logger kestrel = Logger.getLogger("dev.kestrel");

    /** {@code 12:34:56.789 INFO SocketConnectionListener: message}. */
    static final class OneLine extends Formatter {

        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

        @Override
        public String format(LogRecord entry) {
            StringBuilder line = new StringBuilder(120);
            TIME.formatTo(entry.getInstant(), line);
            line.append(' ').append(level(entry.getLevel())).append(' ');
            String name = entry.getLoggerName();
            if (name != null) {
                line.append(name, name.lastIndexOf('.') + 1, name.length()).append(": ");
            }
            line.append(formatMessage(entry)).append(System.lineSeparator());
            if (entry.getThrown() != null) {
                StringWriter trace = new StringWriter();
                entry.getThrown().printStackTrace(new PrintWriter(trace, true));
                line.append(trace);
            }
            return line.toString();
        }

        /** The names of {@link System.Logger}, all of one length. */
        private static String level(Level level) {
            int value = level.intValue();
            if (value >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            if (value >= Level.WARNING.intValue()) {
                return "WARN ";
            }
            if (value >= Level.INFO.intValue()) {
                return "INFO ";
            }
            return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
        }
    }
}
