package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpMaxRequestBodySizeFeature;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What one request leaves behind must not be there for the next: leftover state between requests
 * has leaked one user's credentials to another (CVE-2026-5795, Jetty).
 */
@Timeout(30)
class RequestIsolationTest {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Test
    void nothingOfARequestIsThereForTheNext() {
        HttpHandler handler =
                ctx -> {
                    var size =
                            Objects.requireNonNull(
                                    ctx.features().get(HttpMaxRequestBodySizeFeature.class));
                    seen.add(describe(ctx) + " " + size.maxRequestBodySize());
                    if (ctx.request().path().equals("/first")) {
                        ctx.items().put("user", "alice");
                        ctx.features().set(StringBuilder.class, new StringBuilder("secret"));
                        ctx.request().pathParameters(Map.of("id", "1"));
                        size.maxRequestBodySize(70);
                        ctx.response().status(201).reasonPhrase("Mine").header("X-Secret", "s");
                        ctx.request().bodyBytes();
                        ctx.response().outputStream().write("first body".getBytes());
                    }
                };
        try (TestServer server =
                TestServer.builder().limits(l -> l.maxRequestBodySize(1000)).start(handler)) {
            Http1Conversation client = server.connect();
            client.sendRaw(
                    "POST /first?a=b HTTP/1.1\r\n"
                            + "Host: first\r\n"
                            + "Authorization: Basic abc\r\n"
                            + "Cookie: id=1\r\n"
                            + "Content-Type: text/a\r\n"
                            + "X-Own: mine\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "3\r\n"
                            + "abc\r\n"
                            + "0\r\n"
                            + "T: v\r\n\r\n"
                            + "GET /second HTTP/1.1\r\n"
                            + "Host: second\r\n\r\n");
            client.expectStatus(201)
                    .expectReason("Mine")
                    .expectHeader("X-Secret", "s")
                    .expectBody("first body");
            client.expectStatus(200)
                    .expectReason("OK")
                    .expectNoHeader("X-Secret")
                    .expectBody("")
                    .expectNothingYet();
        }
        assertThat(seen.get(0)).startsWith("POST /first ?a=b first Basic abc id=1 mine {} {} null");
        assertThat(seen.get(1)).isEqualTo("GET /second  second null null null {} {} null 1000");
    }

    /** What is handed to other code may be kept there: it must not reach into the next request. */
    @Test
    void streamsThatAreKeptDoNotReachTheNextRequest() {
        List<InputStream> input = new ArrayList<>();
        List<OutputStream> output = new ArrayList<>();
        List<PipeWriter> writer = new ArrayList<>();
        HttpHandler handler =
                ctx -> {
                    if (input.isEmpty()) {
                        input.add(ctx.request().inputStream());
                        output.add(ctx.response().outputStream());
                        writer.add(ctx.response().bodyWriter());
                        return;
                    }
                    assertThatThrownBy(() -> input.getFirst().read())
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> output.getFirst().write('x'))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> output.getFirst().flush())
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> writer.getFirst().write('x'))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> writer.getFirst().flush())
                            .isInstanceOf(IllegalStateException.class);
                    output.getFirst().close();
                    writer.getFirst().complete();
                    ctx.response().send(ctx.request().bodyText());
                };
        try (TestServer server = TestServer.start(handler)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "").expectStatus(200).expectBody("");
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 2", "").sendRaw("ab");
            client.expectStatus(200).expectBody("ab").expectNothingYet();
        }
    }

    /** Also an end with an error is only the end of its own request. */
    @Test
    void aWriterThatEndedWithAnErrorDoesNotEndTheNextOne() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().outputStream().write("body".getBytes());
                    if (ctx.request().path().equals("/broken")) {
                        ctx.response().bodyWriter().complete(new IOException("no more to be had"));
                    }
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("no more to be had");
            Http1Conversation client = server.connect();
            client.send("GET /broken HTTP/1.1", "Host: x", "").expectStatus(500).expectBody("");
            client.send("GET / HTTP/1.1", "Host: x", "").expectStatus(200).expectBody("body");
        }
    }

    @Test
    void aBodyThatEndsWithAnErrorIsNotTakenForWhole() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().outputStream().write("half".getBytes());
                    ctx.response().flush();
                    ctx.response().bodyWriter().complete(new IOException("no more to be had"));
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("no more to be had");
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "")
                    .expectStatus(200)
                    .expectRaw("4\r\nhalf\r\n");
            client.expectReset();
        }
    }

    /** A failure of the application's own while the response starts is not the connection's. */
    @Test
    void aCallbackThatFailedDoesNotFailTheNextResponse() {
        HttpHandler handler =
                ctx -> {
                    if (ctx.request().path().equals("/broken")) {
                        ctx.response()
                                .onStarting(
                                        () -> {
                                            throw new IOException("disk full");
                                        });
                    }
                    ctx.response().outputStream().write("body".getBytes());
                    ctx.response().bodyWriter().flush();
                };
        try (TestServer server = TestServer.start(handler)) {
            server.log().expect("disk full");
            Http1Conversation client = server.connect();
            client.send("GET /broken HTTP/1.1", "Host: x", "").expectStatus(500).expectBody("");
            client.send("GET / HTTP/1.1", "Host: x", "").expectStatus(200).expectBody("body");
        }
    }

    @Test
    void noTwoRequestsHaveTheSameName() {
        try (TestServer server = TestServer.start(ctx -> seen.add(ctx.traceIdentifier()))) {
            Http1Conversation client = server.connect();
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1", "Host: x", "");
                client.expectStatus(200).expectBody("");
            }
            client.expectNothingYet();
            String id = client.connection().serverConnectionId();
            assertThat(seen).containsExactly(id + ":00000001", id + ":00000002", id + ":00000003");
        }
    }

    /**
     * Text that comes again is the same object, unless that is switched off; it is never text that
     * came before.
     */
    @Test
    void textIsUsedAgainOnlyWhenItIsTheSame() {
        List<String> values = new CopyOnWriteArrayList<>();
        HttpHandler handler =
                ctx -> values.add(Objects.requireNonNull(ctx.request().header("X-Own")));
        for (boolean disabled : new boolean[] {false, true}) {
            values.clear();
            try (TestServer server =
                    TestServer.builder()
                            .options(o -> o.disableStringReuse(disabled))
                            .start(handler)) {
                Http1Conversation client = server.connect();
                // A connection remembers nothing until it was asked twice within a second.
                client.send("GET / HTTP/1.1", "Host: x", "X-Own: first", "");
                client.expectStatus(200).expectBody("").expectNothingYet();
                values.clear();
                for (String value : List.of("same", "same", "some", "samesame", "sam", "same")) {
                    client.send("GET / HTTP/1.1", "Host: x", "X-Own: " + value, "");
                    client.expectStatus(200).expectBody("");
                }
                client.expectNothingYet();
            }
            assertThat(values).containsExactly("same", "same", "some", "samesame", "sam", "same");
            if (disabled) {
                assertThat(values.get(0)).isNotSameAs(values.get(1));
            } else {
                assertThat(values.get(0)).isSameAs(values.get(1));
            }
        }
    }

    @Test
    void connectionsHaveNothingInCommon() {
        try (TestServer server =
                TestServer.start(
                        ctx -> ctx.response().send(ctx.items().size() + ctx.request().path()))) {
            Http1Conversation one = server.connect();
            Http1Conversation two = server.connect();
            one.sendRaw("GET /o");
            two.sendRaw("GET /t");
            one.connection().awaitServerIdle();
            two.connection().awaitServerIdle();
            two.sendRaw("wo HTTP/1.1\r\nHost: x\r\n\r\n").expectStatus(200).expectBody("0/two");
            one.sendRaw("ne HTTP/1.1\r\nHost: x\r\n\r\n").expectStatus(200).expectBody("0/one");
        }
    }

    private static String describe(HttpContext ctx) {
        return String.join(
                " ",
                ctx.request().method(),
                ctx.request().path(),
                ctx.request().queryString(),
                ctx.request().host(),
                ctx.request().header("Authorization"),
                ctx.request().header("Cookie") == null ? "null" : "id=1",
                ctx.request().header("X-Own"),
                "" + ctx.items(),
                "" + ctx.request().pathParameters(),
                "" + ctx.features().get(StringBuilder.class));
    }
}
