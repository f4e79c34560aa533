package dev.kestrel.examples;

import dev.kestrel.app.WebApplication;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** A response that never ends by itself: the time, once a second, as server-sent events. */
public final class ServerSentEvents {

    private static final String PAGE =
            """
            <!doctype html>
            <title>Server-sent events</title>
            <p id="time">...</p>
            <script>
              new EventSource("/time").onmessage = e => document.getElementById("time").textContent = e.data
            </script>
            """;

    private ServerSentEvents() {}

    /** Open http://localhost:8080 in a browser. */
    public static void main(String... args) throws Exception {
        create(Duration.ofSeconds(1)).listen(8080).runUntilStopped();
    }

    static WebApplication create(Duration interval) {
        WebApplication app = WebApplication.create();
        app.get("/", ctx -> ctx.response().contentType("text/html; charset=utf-8").send(PAGE));
        app.get("/time", time(interval));
        return app;
    }

    /** Sleeping costs a virtual thread and nothing else; it ends when the client has gone. */
    private static HttpHandler time(Duration interval) {
        return (HttpContext ctx) -> {
            ctx.response().contentType("text/event-stream").header("Cache-Control", "no-store");
            OutputStream out = ctx.response().outputStream();
            while (!ctx.aborted().isFired()) {
                String event = "data: " + Instant.now() + "\n\n";
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(interval);
            }
        };
    }
}
