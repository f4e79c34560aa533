package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Error.PROTOCOL_ERROR;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Response;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes before a response and behind a message (RFC 9113 section 8.1). */
@Timeout(30)
class InterimAndTrailersTest {

    @Test
    void earlyHintsComeBeforeTheResponseAndAtOnce() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().sendInformational(103, new HttpHeaders().add("Link", "</a>"));
                    ctx.response().sendInformational(103, new HttpHeaders().add("Link", "</b>"));
                    ctx.response().send(ctx.request().bodyText());
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2().post(1, "/");
            client.expectHeaders(1).status(103).header("link", "</a>");
            client.expectHeaders(1).status(103).header("link", "</b>").header("date");
            client.expectNothingYet();
            client.data(1, true, "hi").expectResponse(1).status(200).header("link").body("hi");
            client.post(3, "/").data(3, true, "x").expectResponse(3).interims(103, 103).body("x");
        }
    }

    /** RFC 9110 section 10.1.1: "upon receiving [...] a 100-continue expectation". */
    @Test
    void continueIsSentOnceTheBodyIsWanted() {
        HttpHandler handler =
                ctx -> {
                    if (ctx.request().path().equals("/read")) {
                        ctx.response().send(ctx.request().bodyText());
                    } else {
                        ctx.response().status(403);
                    }
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/read", "expect", "100-continue").expectHeaders(1).status(100);
            client.data(1, true, "x").expectResponse(1).status(200).body("x");
            client.post(3, "/no", "expect", "100-continue").expectHeaders(3).status(403);
            client.ignore(3);
        }
    }

    @Test
    void trailersOfARequestAreThereOnceItsBodyWasRead() {
        HttpHandler handler =
                ctx -> {
                    boolean before = ctx.request().trailersAvailable();
                    String body = ctx.request().bodyText();
                    ctx.response()
                            .send(
                                    before
                                            + body
                                            + ctx.request().trailersAvailable()
                                            + ctx.request().trailers().get("sum")
                                            + ctx.request().header("sum"));
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").data(1, false, "body").trailers(1, "sum", "7");
            client.expectResponse(1).body("falsebodytrue7null");
            client.post(3, "/").trailers(3, "sum", "8");
            client.expectResponse(3).body("falsetrue8null");
            client.post(5, "/").data(5, true, "x");
            client.expectResponse(5).body("falsextruenullnull");
        }
    }

    /**
     * "A field block that ends the stream [...] trailers": content-length still has to be right.
     */
    @Test
    void trailersThatComeTooEarlyForTheLength() {
        HttpHandler handler = ctx -> ctx.response().send(ctx.request().bodyText());
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/", "content-length", "5").data(1, false, "ab").trailers(1, "a", "b");
            client.expectReset(1, PROTOCOL_ERROR).expectNothingYet();
        }
    }

    @Test
    void trailersOfAResponseFollowItsBody() {
        HttpHandler handler =
                ctx -> {
                    assertThat(ctx.response().supportsTrailers()).isTrue();
                    ctx.response().declareTrailer("Sum");
                    if (ctx.request().path().equals("/body")) {
                        ctx.response().outputStream().write('x');
                    }
                    ctx.response().trailers().set("Sum", "7").set("Other", "a").add("Other", "b");
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            Http2Response response = client.get(1, "/body").expectResponse(1).body("x");
            response.trailer("sum", "7").trailer("other", "a", "b").header("sum");
            client.get(3, "/").expectResponse(3).body("").trailer("sum", "7");
        }
    }

    @Test
    void notOnceTheResponseHasStarted() {
        HttpHandler handler =
                ctx -> {
                    ctx.response().start();
                    assertThatThrownBy(
                                    () -> ctx.response().sendInformational(103, new HttpHeaders()))
                            .isInstanceOf(IllegalStateException.class);
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            server.connectHttp2().get(1, "/").expectResponse(1).status(200).body("");
        }
    }
}
