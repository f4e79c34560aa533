package dev.kestrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.BadHttpRequestException;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.NonBlocking;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

@Timeout(60)
class WebApplicationTest {

    @Test
    void saysHello() throws Exception {
        try (WebApplication app = WebApplication.create()) {
            app.run(ctx -> ctx.response().send("Hello " + ctx.request().protocol()));
            app.start(0);
            assertThat(get(app, "/")).isEqualTo("Hello HTTP/1.1");
        }
    }

    @Test
    void middlewareRunsInOrderAroundTheEndpoint() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        WebApplication app =
                WebApplication.create()
                        .use(
                                (ctx, next) -> {
                                    order.add("a");
                                    next.handle(ctx);
                                    order.add("A");
                                })
                        .use(
                                (ctx, next) -> {
                                    order.add(
                                            "b "
                                                    + (ctx.features().get(EndpointFeature.class)
                                                            == null));
                                    next.handle(ctx);
                                    EndpointFeature chosen =
                                            ctx.features().get(EndpointFeature.class);
                                    order.add(
                                            "B "
                                                    + (chosen == null
                                                            ? ""
                                                            : chosen.endpoint()
                                                                    .metadata(String.class)));
                                })
                        .map("GET", "/x", ctx -> order.add("endpoint"), "first", 1, "last");
        try (TestServer server = new TestServer(app.toHandler())) {
            assertThat(server.get("/x").status()).isEqualTo(200);
        }
        assertThat(order).containsExactly("a", "b true", "endpoint", "B last", "A");
    }

    @Test
    void middlewareMayAnswerItself() throws IOException {
        WebApplication app =
                WebApplication.create()
                        .use((ctx, next) -> ctx.response().status(401).send("no"))
                        .run(ctx -> ctx.response().send("yes"));
        try (TestServer server = new TestServer(app.toHandler())) {
            assertThat(server.get("/").status()).isEqualTo(401);
        }
    }

    @Test
    void theLastHandlerAnswersWhatNoRouteMatches() throws IOException {
        WebApplication app =
                WebApplication.create()
                        .get("/a", ctx -> ctx.response().send("a"))
                        .run(ctx -> ctx.response().send("other"));
        try (TestServer server = new TestServer(app.toHandler())) {
            assertThat(server.get("/a").bodyText()).isEqualTo("a");
            assertThat(server.get("/b").bodyText()).isEqualTo("other");
            assertThat(server.request("POST", "/a", "Content-Length: 0").status()).isEqualTo(405);
        }
        assertThatThrownBy(() -> app.run(ctx -> {})).isInstanceOf(IllegalStateException.class);
    }

    /** A handler that promises not to block keeps the promise that the server looks for. */
    @Test
    void aSingleHandlerIsGivenToTheServerAsItIs() {
        NonBlocking handler = ctx -> ctx.response().send("x");
        assertThat(WebApplication.create().run(handler).toHandler()).isSameAs(handler);
    }

    @Test
    void failuresBecomeTheirStatus() throws IOException {
        WebApplication app =
                WebApplication.create()
                        .get(
                                "/bad",
                                ctx -> {
                                    throw new BadHttpRequestException(422, "not like this");
                                })
                        .get(
                                "/broken",
                                ctx -> {
                                    throw new IllegalStateException("expected by the test");
                                });
        try (TestServer server = new TestServer(app.toHandler())) {
            assertThat(server.get("/bad").status()).isEqualTo(422);
            assertThat(server.get("/broken").status()).isEqualTo(500);
        }
    }

    @Test
    void writesAnAccessLog() throws IOException {
        List<String> lines = new ArrayList<>();
        long[] clock = {0};
        HttpHandler handler =
                WebApplication.create()
                        .use(
                                AccessLog.to(
                                        line -> {
                                            synchronized (lines) {
                                                lines.add(line);
                                                lines.notifyAll();
                                            }
                                        },
                                        () -> clock[0] += 5_000_000))
                        .get("/a", ctx -> ctx.response().status(201).send("12345"))
                        .get(
                                "/broken",
                                ctx -> {
                                    throw new IllegalStateException("expected by the test");
                                })
                        .toHandler();
        try (TestServer server = new TestServer(handler)) {
            server.get("/a?b=c");
            server.get("/broken");
        }
        synchronized (lines) {
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).endsWith(" GET /a?b=c HTTP/1.1 201 5 bytes 5 ms");
            assertThat(lines.get(1)).contains(" GET /broken HTTP/1.1 500 ");
        }
    }

    @Test
    void isSetUpBeforeItStarts() throws Exception {
        WebApplication app = WebApplication.create();
        assertThatThrownBy(app::port).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(app::stop).isInstanceOf(IllegalStateException.class);
        app.close();
        try (app) {
            app.start(0);
            List<Runnable> changes =
                    List.of(
                            () -> app.get("/", ctx -> {}),
                            () -> app.use((ctx, next) -> {}),
                            () -> app.run(ctx -> {}),
                            () -> app.listen(0),
                            () -> app.mapGroup("/a", group -> group.get("/b", ctx -> {})));
            for (Runnable change : changes) {
                assertThatThrownBy(change::run).isInstanceOf(IllegalStateException.class);
            }
            assertThatThrownBy(app::start).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void waitsUntilItIsStopped() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        WebApplication app = WebApplication.create();
        app.listen(0)
                .runUntilStopped(
                        line -> {
                            said.add(line);
                            Thread.startVirtualThread(app::stop);
                        });
        assertThat(said).contains("Listening on http://127.0.0.1:" + app.port());
        app.runUntilStopped(said::add);
    }

    private static String get(WebApplication app, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://localhost:" + app.port() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }
}
