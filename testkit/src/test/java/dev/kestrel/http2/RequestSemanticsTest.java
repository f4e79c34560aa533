package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Conversation.request;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpRequest;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** What the fields of a request mean together (RFC 9113 sections 8.1.1, 8.3.1 and 8.5). */
@Timeout(30)
class RequestSemanticsTest {

    /** Says what it was asked. */
    private static final HttpHandler ECHO =
            ctx -> {
                HttpRequest request = ctx.request();
                ctx.response()
                        .send(
                                request.method()
                                        + ' '
                                        + request.scheme()
                                        + ' '
                                        + request.rawTarget()
                                        + " ["
                                        + request.path()
                                        + "] ["
                                        + request.queryString()
                                        + "] "
                                        + request.host()
                                        + ' '
                                        + request.headers().getAll("Host")
                                        + ' '
                                        + request.bodyText());
            };

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @DisplayName(
            "row 65: \"An HTTP request that omits mandatory pseudo-header fields is malformed\", and"
                    + " its stream is closed")
    void mandatoryFieldsAreMissing(int which) {
        for (boolean continued : new boolean[] {false, true}) {
            try (TestServer server = TestServer.startHttp2(ECHO)) {
                Http2Conversation client = server.connectHttp2();
                List<String> all = new ArrayList<>(List.of(":method", "GET"));
                Collections.addAll(all, ":scheme", "http", ":path", "/", "x", "1");
                all.subList(2 * which, 2 * which + 2).clear();
                String[] rest = all.toArray(String[]::new);
                if (continued) {
                    byte[] block = block(rest);
                    client.headersFrame(1, END_STREAM, block).continuation(1, END_HEADERS);
                } else {
                    client.headers(1, true, rest);
                }
                client.expectReset(1, Http2Error.PROTOCOL_ERROR);
                client.expectNothingYet();
                client.get(1, "/").expectConnectionError(1, Http2Error.STREAM_CLOSED);
            }
        }
    }

    @Test
    @DisplayName(
            "row 66: CONNECT: \"The :scheme and :path pseudo-header fields MUST be omitted\", here"
                    + " :authority too")
    void connectWithAMethodAlone() {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, ":method", "CONNECT").expectResponse(1).status(200);
            client.headers(3, true, ":method", "CONNECT", ":authority", "example.org:443");
            client.expectResponse(3).status(200);
        }
    }

    @Test
    @DisplayName("row 67: a request line over maxRequestLineSize is reset")
    void tooLongARequestLine() {
        malformed(":method", "GET", ":scheme", "http", ":path", "/" + "a".repeat(8192));
        String part = "a".repeat(3 * 1024);
        malformed(
                ":method",
                "GET" + part,
                ":scheme",
                "http",
                ":path",
                "/" + part,
                ":authority",
                part + ":80");
        accepted(
                "GET http /" + part,
                ":method",
                "GET",
                ":scheme",
                "http",
                ":path",
                "/" + part,
                ":authority",
                part + ":80");
    }

    @ParameterizedTest
    @CsvSource({"68, ''", "69, 'Hello,World'", "69, 'GET '"})
    @DisplayName("rows 68 and 69: a method is a token (RFC 9110 section 9.1)")
    void methodsThatAreNone(int row, String method) {
        malformed(":method", method, ":scheme", "http", ":path", "/");
    }

    @ParameterizedTest
    @CsvSource({":path, /", ":scheme, http"})
    @DisplayName(
            "row 70: CONNECT with :path or :scheme: \"A CONNECT request that does not conform to"
                    + " these restrictions is malformed\"")
    void connectWithMore(String name, String value) {
        malformed(":method", "CONNECT", name, value, ":authority", "example.org:443");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "ftp"})
    @DisplayName(
            "rows 71 and 72: a :scheme that is not the connection's, unless allowAlternateSchemes")
    @Tag("clear-text")
    void otherSchemes(String scheme) {
        String[] fields = {":method", "GET", ":scheme", scheme, ":path", "/"};
        malformed(fields);
        try (TestServer server =
                TestServer.http2()
                        .options(options -> options.allowAlternateSchemes(true))
                        .start(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, fields);
            assertThat(client.expectResponse(1).status(200).bodyText())
                    .startsWith("GET " + scheme + " /");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https,http", "http://fakehost/"})
    @DisplayName("row 73: a :scheme that is none, though allowAlternateSchemes")
    void schemesThatAreNone(String scheme) {
        try (TestServer server =
                TestServer.http2()
                        .options(options -> options.allowAlternateSchemes(true))
                        .start(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, ":method", "GET", ":scheme", scheme, ":path", "/");
            client.expectReset(1, Http2Error.PROTOCOL_ERROR);
            client.expectNothingYet();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "a b", "\t", "\1", "\37", "\177", "a\1b"})
    @DisplayName("row 74: a query with a space or control character")
    void queriesThatAreNone(String query) {
        malformed(request("GET", "/?" + query));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<>", "\"\\^`", "{|}", "a=b&c=/?:@", "!$'()*+,;~[]#%zz"})
    @DisplayName("row 75: a query with other visible ASCII")
    void queriesThatAreTaken(String query) {
        accepted("GET http /?" + query + " [/] [?" + query + "]", request("GET", "/?" + query));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/\u00c5\u00a1", "/a/\u00c5\u00a1/", "/?\u00c5\u00a1", "/\u00ff"})
    @DisplayName("row 76: a :path with raw octets that are not ASCII (RFC 3986 section 2)")
    void pathsThatAreNotAscii(String path) {
        malformed(request("GET", path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local/host:80", "local host", "a:b", "a,b", "user@a", "u:p@a:80"})
    @DisplayName(
            "rows 77 and 78: a bad :authority, also beside a good Host: it \"MUST NOT include the"
                    + " deprecated userinfo subcomponent\"")
    void badAuthorities(String authority) {
        String[] fields = request("GET", "/");
        fields[7] = authority;
        malformed(fields);
        String[] withHost = request("GET", "/", "host", "example.org");
        withHost[7] = authority;
        malformed(withHost);
    }

    @Test
    @DisplayName(
            "row 77, unlike the original: local=host:80 is a name by RFC 3986 section 3.2.2, as over"
                    + " HTTP/1.1")
    void anEqualsSignInAnAuthority() {
        String[] fields = request("GET", "/");
        fields[7] = "local=host:80";
        accepted("GET http / [/] [] local=host:80", fields);
    }

    @Test
    @DisplayName("row 79: two Host fields and no :authority")
    void twoHosts() {
        malformed(":method", "GET", ":scheme", "http", ":path", "/", "host", "a", "host", "a");
    }

    @ParameterizedTest
    @CsvSource({
        "-, -, '', []",
        "'', -, '', []",
        "-, '', '', []",
        "'', '', '', []",
        "-, b, b, [b]",
        "'', b, b, [b]",
        "a, -, a, [a]",
        "a, a, a, [a]",
        "a, b, a, [a]",
        "a, b=/c, a, [a]",
    })
    @DisplayName(
            "row 80: \"The recipient of an HTTP/2 request MUST NOT use the Host header field to"
                    + " determine the target URI if :authority is present\"")
    void authorityAndHost(String authority, String host, String seen, String hosts) {
        List<String> fields = new ArrayList<>(List.of(":method", "GET", ":scheme", "http"));
        Collections.addAll(fields, ":path", "/");
        if (!authority.equals("-")) {
            Collections.addAll(fields, ":authority", authority);
        }
        if (!host.equals("-")) {
            Collections.addAll(fields, "host", host);
        }
        accepted("GET http / [/] [] " + seen + ' ' + hosts, fields.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "CUSTOM", "OPTIONS"})
    @DisplayName("row 87: methods with and without content-length, with and without a body")
    void methodsThatAreTaken(String method) {
        accepted(method + " http /a [/a] []", request(method, "/a"));
        accepted(method + " http /a [/a] []", request(method, "/a", "content-length", "0"));
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, false, request(method, "/a", "content-length", "5"));
            client.data(1, true, "Hello");
            assertThat(client.expectResponse(1).status(200).bodyText()).endsWith(" Hello");
            client.headers(3, false, request(method, "/a")).data(3, true, "Hello");
            assertThat(client.expectResponse(3).status(200).bodyText()).endsWith(" Hello");
            client.expectNothingYet();
        }
    }

    @Test
    @DisplayName("row 87: HEAD, and OPTIONS in asterisk form")
    void headAndOptions() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, request("HEAD", "/"));
            assertThat(client.expectResponse(1).status(200).complete().bodyBytes()).isEmpty();
            client.expectNothingYet();
        }
        accepted("OPTIONS http * [] []", request("OPTIONS", "*"));
        malformed(request("GET", "*"));
        malformed(request("OPTIONS", "**"));
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b/c/../d, /a/b/d",
        "/a/./b, /a/b",
        "/a/%62, /a/b",
        "/a/%2e%2E/b, /b",
        "/a%2Fb, /a%2Fb",
        "/..//.././a, /a",
        "/%c3%a9, /\u00e9",
        "/%ff, /%ff",
    })
    @DisplayName(
            "row 88: :path is percent-decoded and its dot segments are removed, but %2F is kept")
    void pathsAreDecoded(String raw, String path) {
        accepted("GET http " + raw + " [" + path + "] []", request("GET", raw));
    }

    @Test
    @DisplayName("\":path ... MUST NOT be empty for http or https URIs\", and begins with a slash")
    void pathsThatAreNone() {
        malformed(request("GET", ""));
        malformed(request("GET", "a"));
        malformed(request("GET", "http://example.org/"));
        malformed(request("GET", "/%00"));
    }

    @Test
    @DisplayName("an expectation other than 100-continue is answered with 417")
    void otherExpectations() {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/", "expect", "200-ok").expectResponse(1).status(417).complete();
            client.get(3, "/").expectResponse(3).status(200);
        }
    }

    private static void accepted(String begin, String... fields) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            client.headers(1, true, fields);
            assertThat(client.expectResponse(1).status(200).bodyText()).startsWith(begin);
            client.expectNothingYet();
        }
    }

    private static void malformed(String... fields) {
        onReset(client -> client.headers(1, true, fields));
    }

    private static void onReset(Consumer<Http2Conversation> sending) {
        try (TestServer server = TestServer.startHttp2(ECHO)) {
            Http2Conversation client = server.connectHttp2();
            sending.accept(client);
            client.expectReset(1, Http2Error.PROTOCOL_ERROR);
            client.get(3, "/").expectResponse(3).status(200);
            client.expectNothingYet();
        }
    }
}
