package dev.kestrel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.kestrel.server.KestrelServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/** Each route of the target, over a socket. */
@Timeout(30)
class EchoTargetTest {

    private static KestrelServer server = KestrelServer.builder().handler(new EchoTarget()).build();

    /** The parts of what came back. */
    private record Answer(String head, String body) {
        Answer(String text) {
            int end = text.indexOf("\r\n\r\n");
            this(text.substring(0, end), text.substring(end + 4));
        }

        String status() {
            return head.substring(9, 12);
        }

        List<String> fields() {
            return head.lines().skip(1).toList();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        server = KestrelServer.builder().listen(0).handler(new EchoTarget()).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer ask(String method, String target, String... fieldsThenBody)
            throws IOException {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        request.append("Host: x\r\nConnection: close\r\n");
        String body = "";
        for (String part : fieldsThenBody) {
            if (part.startsWith("body:")) {
                body = part.substring(5);
                request.append("Content-Length: ").append(body.length()).append("\r\n");
            } else {
                request.append(part).append("\r\n");
            }
        }
        request.append("\r\n").append(body);
        return new Answer(exchange(request.toString()));
    }

    private static String exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/any/path?and=query", "/bytesque"})
    void getOfAnyPathSaysHello(String target) throws IOException {
        Answer answer = ask("GET", target);
        assertThat(answer.status()).isEqualTo("200");
        assertThat(answer.body()).isEqualTo("Hello HTTP/1.1");
        assertThat(answer.fields()).anyMatch(field -> field.startsWith("Content-Type: text/plain"));
    }

    @Test
    void headHasTheFieldsOfGetAndNoBody() throws IOException {
        Answer answer = ask("HEAD", "/");
        assertThat(answer.status()).isEqualTo("200");
        assertThat(answer.fields()).contains("Content-Length: 14");
        assertThat(answer.body()).isEmpty();
        assertThat(ask("HEAD", "/bytes/99").fields()).contains("Content-Length: 99");
    }

    @Test
    void postEchoesTheBodyAndItsType() throws IOException {
        Answer answer = ask("POST", "/x", "Content-Type: a/b", "body:some bytes");
        assertThat(answer.status()).isEqualTo("200");
        assertThat(answer.fields()).contains("Content-Type: a/b");
        assertThat(answer.body()).isEqualTo("some bytes");
    }

    /** Http11Probe looks at what the server made of the fields of a POST. */
    @Test
    void postToEchoAndCookieShowsTheFieldsToo() throws IOException {
        Answer fields = ask("POST", "/echo", "X-One: 1", "body:some bytes");
        assertThat(fields.body().lines())
                .containsExactly("Host: x", "Connection: close", "X-One: 1", "Content-Length: 10");
        assertThat(ask("POST", "/cookie", "Cookie: a=1; b=2", "body:x").body())
                .isEqualTo("a=1\nb=2\n");
    }

    @Test
    void postEchoesWhatComesBeforeTheBodyEnds() throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            String head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
            socket.getOutputStream().write((head + "5\r\nfirst\r\n").getBytes(ISO_8859_1));
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf("first") < 0) {
                int next = socket.getInputStream().read();
                assertThat(next).as("end of the stream after " + seen).isNotNegative();
                seen.append((char) next);
            }
            socket.getOutputStream().write("0\r\n\r\n".getBytes(ISO_8859_1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "*"})
    void optionsListsTheMethods(String target) throws IOException {
        Answer answer = ask("OPTIONS", target);
        assertThat(answer.status()).isEqualTo("200");
        assertThat(answer.fields())
                .contains("Allow: GET, HEAD, POST, OPTIONS", "Content-Length: 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "BREW"})
    void otherMethodsAreNotAllowed(String method) throws IOException {
        Answer answer = ask(method, "/");
        assertThat(answer.status()).isEqualTo("405");
        assertThat(answer.fields()).contains("Allow: GET, HEAD, POST, OPTIONS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    /plaintext | 13 | text/plain       | Hello, World!
                    /json      | 27 | application/json | {"message":"Hello, World!"}
                    """)
    void fixedTexts(String target, int length, String type, String body) throws IOException {
        Answer answer = ask("GET", target);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.fields()).contains("Content-Type: " + type, "Content-Length: " + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1_000_000})
    void bytesHasThatManyBytes(int count) throws IOException {
        assertThat(ask("GET", "/bytes/" + count).body()).hasSize(count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bytes/",
                "/bytes/-1",
                "/bytes/x",
                "/bytes/1234567890123456789",
                "/sleep/600001",
                "/headers/1/x",
                "/headers/10000/10000",
                "/headers/10001/1"
            })
    void numbersOutOfRangeAreRefused(String target) throws IOException {
        assertThat(ask("GET", target).status()).isEqualTo("400");
    }

    @Test
    void uploadCountsBytes() throws IOException {
        assertThat(ask("POST", "/upload", "body:12345").body()).isEqualTo("5");
    }

    @Test
    void echoShowsTheFields() throws IOException {
        assertThat(ask("GET", "/echo", "X-One: 1", "X-Two: 2").body())
                .isEqualTo("Host: x\nConnection: close\nX-One: 1\nX-Two: 2\n");
    }

    @Test
    void cookieShowsTheCookies() throws IOException {
        assertThat(ask("GET", "/cookie", "Cookie: a=1; b=2").body()).isEqualTo("a=1\nb=2\n");
    }

    @Test
    void sleepAnswersAfterwards() throws IOException {
        assertThat(ask("GET", "/sleep/1").body()).isEqualTo("slept 1 ms");
    }

    @Test
    void trailersComeToThoseWhoWantThem() throws IOException {
        Answer answer = ask("GET", "/trailers", "TE: trailers");
        assertThat(answer.fields()).contains("Trailer: X-Trailer");
        assertThat(answer.body()).endsWith("0\r\nX-Trailer: value\r\n\r\n");
        assertThat(ask("GET", "/trailers").body()).doesNotContain("X-Trailer");
    }

    @Test
    void trailersOfTheRequestAreListed() throws IOException {
        String answer =
                exchange(
                        "POST /trailers HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "1\r\na\r\n0\r\nX-End: yes\r\n\r\n");
        assertThat(answer).endsWith("\r\n\r\nX-End: yes\n");
    }

    @Test
    void earlyHintsComeBeforeTheResponse() throws IOException {
        String answer =
                exchange("GET /early-hints HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 103 Early Hints\r\nLink: ")
                .contains("\r\n\r\nHTTP/1.1 200 OK\r\n");
    }

    @Test
    void headersHasThatManyOfThatSize() throws IOException {
        Answer answer = ask("GET", "/headers/20/30");
        assertThat(answer.fields()).filteredOn(field -> field.startsWith("X-Header-")).hasSize(20);
        assertThat(answer.fields()).contains("X-Header-7: " + "x".repeat(30));
    }
}
