package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.logging.Level;
import java.util.logging.LogRecord;

class LogsTest {

    @Test
    void aMessageIsOneLineWithTimeLevelAndSource() {
        LogRecord entry = new LogRecord(Level.FINE, "accepted {0}");
        entry.setLoggerName("dev.kestrel.connections.sockets.SocketConnectionListener");
        entry.setParameters(new Object[] {"it"});
        assertThat(new Logs.OneLine().format(entry))
                .matches(
                        "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} DEBUG SocketConnectionListener: accepted it\\R");
    }

    @Test
    void anExceptionFollowsItsMessage() {
        LogRecord entry = new LogRecord(Level.SEVERE, "failed");
        entry.setThrown(new IllegalStateException("why"));
        assertThat(new Logs.OneLine().format(entry))
                .contains("ERROR failed")
                .contains("java.lang.IllegalStateException: why");
    }
}
