package dev.kestrel.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

class PathDecoderTest {

    @ParameterizedTest(name = "{0} is seen as {1}")
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a%20b, '/a b'",
        "/a%2Fb, /a%2Fb",
        "/a%2fb, /a%2fb",
        "/%41, /A",
        "/%E2%82%AC, /\u20ac",
        "/%F0%9F%98%80, /\ud83d\ude00",
        "/%25, /%",
        "/%2525, /%25",
        "/a+b, /a+b",
        "/%, /%",
        "/%4, /%4",
        "/%zz, /%zz",
        "/%C3, /%C3",
        "/%C3%C3%A1, /%C3\u00e1",
        "/%C0%AF, /%C0%AF",
        "/%E0%80%AF, /%E0%80%AF",
        "/%ED%A0%80, /%ED%A0%80",
        "/%F4%90%80%80, /%F4%90%80%80",
        "/%5C.., /\\..",
    })
    void decodesAllButSlashesAndWhatIsNoUtf8(String raw, String path) throws Exception {
        assertThat(decode(raw)).isEqualTo(path);
    }

    @ParameterizedTest(name = "{0} is seen as {1}")
    @CsvSource({
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/.., /",
        "/a/., /a/",
        "/.., /",
        "/../../etc/passwd, /etc/passwd",
        "/a/%2E%2E/b, /b",
        "/a/.%2e/b, /b",
        "/a/%2e/b, /a/b",
        "/a/..%2Fb, /a/..%2Fb",
        "/a/.../b, /a/.../b",
        "/a/..b, /a/..b",
        "/a//../b, /a/b",
        "/.well-known/x, /.well-known/x",
    })
    void removesDotSegmentsAfterDecoding(String raw, String path) throws Exception {
        assertThat(decode(raw)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%00", "/a%00b", "/%E2%00%AC", "/%F3%85%00%82"})
    void refusesAnEncodedNul(String raw) {
        assertThatThrownBy(() -> decode(raw)).isInstanceOf(RejectedRequestException.class);
    }

    @Test
    void noPathEscapesTheRoot() throws Exception {
        Random random = new Random(1);
        String[] pieces = {"/", ".", "..", "%2e", "%2E%2E", "%2F", "a", "%5c", "//", "%", "%C3%A4"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder raw = new StringBuilder("/");
            for (int n = random.nextInt(8); n >= 0; n--) {
                raw.append(pieces[random.nextInt(pieces.length)]);
            }
            String path = decode(raw.toString());
            assertThat(path).as(raw.toString()).startsWith("/");
            assertThat(path.split("/")).as(raw.toString()).doesNotContain("..", ".");
        }
    }

    private static String decode(String raw) throws RejectedRequestException {
        byte[] bytes = ("GET " + raw).getBytes(StandardCharsets.US_ASCII);
        return PathDecoder.decode(bytes, 4, bytes.length);
    }
}
