package dev.kestrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http1Response;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

class RouterTest {

    /** Answers with the endpoint that was chosen and the parameters that it got. */
    private static final HttpHandler WHO = RouterTest::sayWho;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/|/ {}",
                "/users|/users {}",
                "/users/|/users/ {}",
                "/users/me|/users/me {}",
                "/users/42|/users/{id:int} {id=42}",
                "/users/-42|/users/{id:int} {id=-42}",
                "/users/2147483648|/users/{id:long} {id=2147483648}",
                "/users/9223372036854775808|/users/{name} {name=9223372036854775808}",
                "/users/123e4567-e89b-12d3-a456-426614174000|/users/{key:uuid} {key=123e4567-e89b-12d3-a456-426614174000}",
                "/users/bob|/users/{name} {name=bob}",
                "/users/+1|/users/{name} {name=+1}",
                "/users/42/posts/7|/users/{user}/posts/{post} {user=42, post=7}",
                "/users/me/posts/7|/users/{user}/posts/{post} {user=me, post=7}",
                "/files|/files/{**path} {path=}",
                "/files/|/files/{**path} {path=}",
                "/files/a|/files/{**path} {path=a}",
                "/files/a/b/|/files/{**path} {path=a/b/}",
                "/files/special|/files/special {}",
                "/files/special/x|/files/{**path} {path=special/x}"
            })
    void choosesTheNarrowestRoute(String path, String answer) throws IOException {
        WebApplication app = WebApplication.create();
        // In an order that is of no help.
        app.get("/files/{**path}", WHO).get("/files/special", WHO);
        app.get("/users/{name}", WHO).get("/users/{id:long}", WHO).get("/users/{id:int}", WHO);
        app.get("/users/{user}/posts/{post}", WHO).get("/users/{key:uuid}", WHO);
        app.get("/users/me", WHO).get("/users/", WHO).get("/users", WHO).get("/", WHO);
        assertThat(get(app, path).bodyText()).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/A", "/a/", "/a/b", "/b/", "/b/c/d", "/c", "/c/x1", "//a", "/aa"})
    void otherPathsAreNotFound(String path) throws IOException {
        WebApplication app =
                WebApplication.create()
                        .get("/a", WHO)
                        .get("/b/{name}", WHO)
                        .get("/c/{word:alpha}", WHO);
        Http1Response response = get(app, path);
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.bodyText()).isEqualTo("404 Not Found\n");
    }

    /** A literal that leads nowhere does not hide the parameter beside it. */
    @Test
    void walksBack() throws IOException {
        WebApplication app =
                WebApplication.create()
                        .get("/a/b/c", WHO)
                        .get("/{x}/b/d", WHO)
                        .get("/a/{**rest}", WHO);
        assertThat(get(app, "/a/b/c").bodyText()).isEqualTo("/a/b/c {}");
        assertThat(get(app, "/a/b/d").bodyText()).isEqualTo("/a/{**rest} {rest=b/d}");
        assertThat(get(app, "/z/b/d").bodyText()).isEqualTo("/{x}/b/d {x=z}");
    }

    /** A route without the method gives way to one that has it. */
    @Test
    void theMethodIsPartOfTheMatch() throws IOException {
        WebApplication app = WebApplication.create().post("/a/{x}", WHO).get("/a/b", WHO);
        try (TestServer server = new TestServer(app.toHandler())) {
            assertThat(server.request("POST", "/a/b", "Content-Length: 0").bodyText())
                    .isEqualTo("/a/{x} {x=b}");
            assertThat(server.get("/a/b").bodyText()).isEqualTo("/a/b {}");
            Http1Response refused = server.request("DELETE", "/a/b");
            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.header("Allow")).containsExactly("GET, HEAD, OPTIONS, POST");
        }
    }

    /**
     * RFC 9110 section 15.5.6: "The origin server MUST generate an Allow header field in a 405
     * response".
     */
    @Test
    void otherMethodsAreNotAllowed() throws IOException {
        WebApplication app =
                WebApplication.create()
                        .put("/a", WHO)
                        .patch("/a", WHO)
                        .delete("/a", WHO)
                        .head("/a", WHO);
        try (TestServer server = new TestServer(app.toHandler())) {
            Http1Response response = server.get("/a");
            assertThat(response.status()).isEqualTo(405);
            assertThat(response.header("Allow"))
                    .containsExactly("DELETE, HEAD, OPTIONS, PATCH, PUT");
            assertThat(server.request("get", "/a").status()).as("methods have case").isEqualTo(405);
        }
    }

    /**
     * RFC 9110 section 9.3.2: "identical to GET except that the server MUST NOT send content in the
     * response".
     */
    @Test
    void headIsAnsweredByGet() throws IOException {
        WebApplication app =
                WebApplication.create()
                        .get("/a", WHO)
                        .get("/b", WHO)
                        .head(
                                "/b",
                                ctx -> {
                                    ctx.response().header("X-Own", "head");
                                });
        try (TestServer server = new TestServer(app.toHandler())) {
            Http1Response response = server.request("HEAD", "/a");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Content-Length")).containsExactly("5");
            assertThat(response.body()).isEmpty();
            assertThat(server.request("HEAD", "/b").header("X-Own")).containsExactly("head");
        }
    }

    /** RFC 9110 section 9.3.7: OPTIONS of a resource, and of the server by {@code *}. */
    @Test
    void optionsAreAnsweredFromTheRoutes() throws IOException {
        WebApplication app =
                WebApplication.create().get("/a", WHO).post("/a", WHO).delete("/b", WHO);
        app.options("/own", WHO);
        try (TestServer server = new TestServer(app.toHandler())) {
            Http1Response one = server.request("OPTIONS", "/a");
            assertThat(one.status()).isEqualTo(204);
            assertThat(one.header("Allow")).containsExactly("GET, HEAD, OPTIONS, POST");
            assertThat(server.request("OPTIONS", "*").header("Allow"))
                    .containsExactly("DELETE, GET, HEAD, OPTIONS, POST");
            assertThat(server.request("OPTIONS", "/own").bodyText()).isEqualTo("/own {}");
            assertThat(server.request("OPTIONS", "/none").status()).isEqualTo(404);
        }
    }

    @Test
    void anEndpointMayAnswerEveryMethod() throws IOException {
        WebApplication app =
                WebApplication.create()
                        .map("*", "/a", WHO)
                        .get("/a", ctx -> ctx.response().send("get"));
        try (TestServer server = new TestServer(app.toHandler())) {
            assertThat(server.get("/a").bodyText()).isEqualTo("get");
            assertThat(server.request("BREW", "/a").bodyText()).isEqualTo("/a {}");
        }
    }

    /**
     * What was sent as {@code %2F} does not split a part in two, and is a slash in the parameter.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/one/a%20b|/one/{name} {name=a b}",
                "/one/caf%C3%A9|/one/{name} {name=caf\u00e9}",
                "/one/a%2Fb|/one/{name} {name=a/b}",
                "/one/a%2fb%20c|/one/{name} {name=a/b c}",
                "/one/a%252Fb|/one/{name} {name=a%2Fb}",
                "/one/%2F..%2F|/one/{name} {name=/../}",
                "/x/../one/a%2Fb|/one/{name} {name=a%2Fb}",
                "/rest/a%2Fb/c|/rest/{**path} {path=a%2Fb/c}",
                "http://localhost/one/a%2Fb?c/d|/one/{name} {name=a/b}"
            })
    void parametersAreDecoded(String target, String answer) throws IOException {
        WebApplication app =
                WebApplication.create().get("/one/{name}", WHO).get("/rest/{**path}", WHO);
        assertThat(get(app, target).bodyText()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "/a, /a",
        "/a/{x}, /a/{y}",
        "/a/{x:int}, /a/{y:int}",
        "/a/{**x}, /a/{*y}",
        "/{a}/b/{c}, /{x}/b/{y}"
    })
    void routesForTheSameRequestsAreRefused(String one, String other) {
        WebApplication app = WebApplication.create().get(one, WHO);
        assertThatThrownBy(() -> app.get(other, WHO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET " + one)
                .hasMessageContaining("GET " + other);
        app.post(other, WHO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "/{",
                "/}",
                "/{}",
                "/a{b}",
                "/{a}b",
                "/{a}{b}",
                "/{a b}",
                "/{**}",
                "/{**a}/b",
                "/{a}/{a}",
                "/{a:}",
                "/{a:number}",
                "/{:int}",
                "/a/../b",
                "/./b",
                "/{a?}"
            })
    void malformedPatternsAreRefused(String pattern) {
        assertThatThrownBy(() -> WebApplication.create().get(pattern, WHO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + pattern + "'");
    }

    @Test
    void groupsShareAPrefix() throws IOException {
        WebApplication app =
                WebApplication.create()
                        .mapGroup(
                                "/api",
                                api ->
                                        api.get("", WHO)
                                                .get("/x", WHO)
                                                .mapGroup(
                                                        "/{tenant}",
                                                        tenant -> tenant.get("/y", WHO)));
        assertThat(get(app, "/api").bodyText()).isEqualTo("/api {}");
        assertThat(get(app, "/api/x").bodyText()).isEqualTo("/api/x {}");
        assertThat(get(app, "/api/t/y").bodyText()).isEqualTo("/api/{tenant}/y {tenant=t}");
        assertThatThrownBy(() -> app.mapGroup("/api/", api -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> app.mapGroup("/b", b -> b.get("x", WHO)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Http1Response get(WebApplication app, String target) throws IOException {
        try (TestServer server = new TestServer(app.toHandler())) {
            return server.get(target);
        }
    }

    private static void sayWho(HttpContext ctx) throws IOException {
        EndpointFeature feature = ctx.features().get(EndpointFeature.class);
        assertThat(feature).isNotNull();
        ctx.response().send(feature.endpoint().pattern() + ' ' + ctx.request().pathParameters());
    }
}
