package dev.kestrel.http2;

import static dev.kestrel.testkit.Http2Conversation.request;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.join;

import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

/**
 * "A decoding error in a field block MUST be treated as a connection error of type
 * COMPRESSION_ERROR" (RFC 9113 section 4.3).
 */
@Timeout(30)
class HPackVectorsTest {

    @ParameterizedTest(name = "HPACK row {0}: {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | ff | incomplete header block",
                "2 | 40 7f | incomplete header block",
                "3 | 40 01 | incomplete header block",
                "4 | 40 02 61 | incomplete header block",
                "5 | 40 01 61 7f | incomplete header block",
                "6 | 40 01 61 01 | incomplete header block",
                "7 | 40 01 61 02 61 | incomplete header block",
                "8 | 7f | incomplete header block",
                "9 | 7a ff | incomplete header block",
                "10 | 7a 01 | incomplete header block",
                "11 | 7a 02 61 | incomplete header block",
                "12 | 00 ff | incomplete header block",
                "13 | 00 01 | incomplete header block",
                "14 | 00 02 61 | incomplete header block",
                "15 | 00 01 61 ff | incomplete header block",
                "16 | 00 01 61 01 | incomplete header block",
                "17 | 00 01 61 02 61 | incomplete header block",
                "18 | 0f | incomplete header block",
                "19 | 02 ff | incomplete header block",
                "20 | 02 01 | incomplete header block",
                "21 | 02 02 61 | incomplete header block",
                "22 | 10 ff | incomplete header block",
                "23 | 10 01 | incomplete header block",
                "24 | 10 02 61 | incomplete header block",
                "25 | 10 01 61 ff | incomplete header block",
                "26 | 10 01 61 01 | incomplete header block",
                "27 | 10 01 61 02 61 | incomplete header block",
                "28 | 1f | incomplete header block",
                "29 | 12 ff | incomplete header block",
                "30 | 12 01 | incomplete header block",
                "31 | 12 02 61 | incomplete header block",
                "32 | 3f | incomplete header block",
                "33 | 40 82 f8 ff | Huffman padding longer than 7 bits (incremental, new name)",
                "34 | 40 84 ff ff ff ff | Huffman string is EOS (incremental, new name)",
                "35 | 00 82 f8 ff | Huffman padding longer than 7 bits (no indexing, new name)",
                "36 | 00 84 ff ff ff ff | Huffman string is EOS (no indexing, new name)",
                "37 | 10 82 f8 ff | Huffman padding longer than 7 bits (never indexed, new name)",
                "38 | 10 84 ff ff ff ff | Huffman string is EOS (never indexed, new name)",
                "39 | 7a 82 f8 ff | Huffman padding longer than 7 bits (incremental, indexed name 58, bad value)",
                "40 | 7a 84 ff ff ff ff | Huffman string is EOS (incremental, indexed name 58, bad value)",
                "41 | 0f 2b 82 f8 ff | Huffman padding longer than 7 bits (no indexing, indexed name 58, bad value)",
                "42 | 0f 2b 84 ff ff ff ff | Huffman string is EOS (no indexing, indexed name 58, bad value)",
                "43 | 1f 2b 82 f8 ff | Huffman padding longer than 7 bits (never indexed, indexed name 58, bad value)",
                "44 | 1f 2b 84 ff ff ff ff | Huffman string is EOS (never indexed, indexed name 58, bad value)",
                "45 | be | index 62 with an empty dynamic table",
                "46 | 7e | literal, name index 62 with an empty dynamic table",
                "47 | 0f 2f | literal without indexing, name index 62",
                "48 | 1f 2f | literal never indexed, name index 62",
                "49 | 00 00 05 76 61 6c 75 65 | empty literal header name",
                "50 | 00 80 05 76 61 6c 75 65 | empty Huffman-coded header name",
                "51 | 82 3e | table size update after a field in the same block",
                "52 | 3f e2 1f | table size update to 4097 (limit 4096)",
                "53 | 00 7f 80 80 80 80 7f | integer over 2^31-1",
                "54 | 00 7f 82 ff 01 | string length 32769, over the default MaxRequestHeaderFieldSize 32768",
            })
    void blocksThatDoNotDecode(int row, String hex, String why) {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_HEADERS | END_STREAM, bytes(hex));
            client.expectConnectionError(1, Http2Error.COMPRESSION_ERROR);
        }
    }

    @Test
    @DisplayName("HPACK: a table size update at the start of a block is taken")
    void tableSizeUpdates() {
        try (TestServer server = TestServer.startHttp2(ctx -> {})) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/").expectResponse(1).status(200);
            byte[] get = block(request("GET", "/"));
            client.headersFrame(3, END_HEADERS | END_STREAM, join(bytes("3e"), get));
            client.expectResponse(3).status(200);
            client.headersFrame(5, END_HEADERS | END_STREAM, join(bytes("20 3f e1 1f"), get));
            client.expectResponse(5).status(200);
            client.expectNothingYet();
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
