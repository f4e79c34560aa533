package dev.kestrel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

class Http1ResponseReaderTest {

    @Test
    void readsByLengthAndLeavesTheNextResponse() throws IOException {
        Http1ResponseReader reader =
                over(
                        "HTTP/1.1 200 OK\r\n"
                                + "Content-Length: 2\r\n"
                                + "A:  b \r\n"
                                + "A:\r\n\r\n"
                                + "hiHTTP/1.0 404 \r\n\r\n");

        Http1Response first = reader.readHead();
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.reason()).isEqualTo("OK");
        assertThat(first.header("a")).containsExactly("b", "");
        assertThatThrownBy(first::body).isInstanceOf(IllegalStateException.class);
        reader.readBody(first, "GET");
        assertThat(first.bodyText()).isEqualTo("hi");

        Http1Response second = reader.readHead();
        assertThat(second.version()).isEqualTo("HTTP/1.0");
        assertThat(second.reason()).isEmpty();
        reader.readBody(second, "GET");
        assertThat(second.body()).isEmpty();
        assertThat(reader.readHead()).isNull();
    }

    @Test
    void readsChunksAndTrailers() throws IOException {
        Http1ResponseReader reader =
                over(
                        "HTTP/1.1 200 OK\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "2\r\n"
                                + "hi\r\n"
                                + "A;x=y\r\n"
                                + "0123456789\r\n"
                                + "0\r\n"
                                + "T: v\r\n\r\n");

        Http1Response response = reader.readHead();
        reader.readBody(response, "GET");

        assertThat(response.bodyText()).isEqualTo("hi0123456789");
        assertThat(response.trailer("t")).containsExactly("v");
        assertThat(reader.readHead()).isNull();
    }

    @Test
    void readsToTheEndWhenNothingElseSaysWhereTheBodyEnds() throws IOException {
        Http1ResponseReader reader = over("HTTP/1.0 200 OK\r\n\r\nall of it");

        Http1Response response = reader.readHead();
        reader.readBody(response, "GET");

        assertThat(response.bodyText()).isEqualTo("all of it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD 200", "GET 204", "GET 304", "GET 103", "GET 101", "CONNECT 200"})
    void someAnswersHaveNoBody(String methodAndStatus) throws IOException {
        String[] parts = methodAndStatus.split(" ");
        Http1ResponseReader reader =
                over("HTTP/1.1 " + parts[1] + " X\r\n\r\nHTTP/1.1 299 Next\r\n\r\n");

        Http1Response response = reader.readHead();
        reader.readBody(response, parts[0]);

        assertThat(response.body()).isEmpty();
        assertThat(reader.readHead().status()).isEqualTo(299);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\n\r\n",
                "HTTP/1.1 200\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nspace : x\r\n\r\n",
                "HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\n"
                        + "Content-Length: 1\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"
            })
    void whatAServerMayNotSendIsNotAccepted(String answer) {
        assertThatThrownBy(() -> readAll(answer)).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n"
            })
    void anEndWithinAResponseIsNoticed(String answer) {
        assertThatThrownBy(() -> readAll(answer)).isInstanceOf(EOFException.class);
    }

    private static void readAll(String answer) throws IOException {
        Http1ResponseReader reader = over(answer);
        Http1Response response = reader.readHead();
        reader.readBody(response, "GET");
    }

    private static Http1ResponseReader over(String answer) {
        return new Http1ResponseReader(
                new ByteArrayInputStream(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
