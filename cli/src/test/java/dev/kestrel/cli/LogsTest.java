package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.app.WebApplication;

import org.junit.jupiter.api.Test;

import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

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

    /** The path, without the query: that is where secrets are. */
    @Test
    void aFailureNamesMethodAndPath() throws Exception {
        List<String> logged = new CopyOnWriteArrayList<>();
        Logger kestrel = Logger.getLogger("dev.kestrel.internal.protocol.HttpProtocol");
        Handler handler = recorder(logged);
        kestrel.addHandler(handler);
        try (WebApplication app = WebApplication.create()) {
            app.get(
                    "/fails/{how}",
                    ctx -> {
                        throw new IllegalStateException("on purpose");
                    });
            app.start(0);
            URI uri = URI.create("http://localhost:" + app.port() + "/fails/badly%0A?key=secret");
            HttpURLConnection client = (HttpURLConnection) uri.toURL().openConnection();
            assertThat(client.getResponseCode()).isEqualTo(500);
        } finally {
            kestrel.removeHandler(handler);
        }
        assertThat(logged)
                .singleElement()
                .asString()
                .endsWith(": the application failed at GET /fails/badly\\xa");
    }

    private static Handler recorder(List<String> logged) {
        return new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
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
