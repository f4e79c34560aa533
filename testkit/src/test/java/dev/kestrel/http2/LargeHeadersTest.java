package dev.kestrel.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Response;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;

/** Response header blocks of any size, both on the wire and beside other streams. */
@Timeout(30)
class LargeHeadersTest {

    private static void requireExactCuts(List<Integer> pieces) {
        assertThat(pieces).hasSizeGreaterThan(1);
        assertThat(pieces.subList(0, pieces.size() - 1)).containsOnly(16384);
        assertThat(pieces.getLast()).isBetween(1, 16384);
    }

    /** Row 145. "CONTINUATION frames [...] continue a sequence of field block fragments". */
    @Test
    void row145_tenThousandFields() {
        HttpHandler handler =
                ctx -> {
                    for (int i = 0; i < 10_000; i++) {
                        ctx.response().headers().add("x-" + i, "value-" + i);
                    }
                    ctx.response().send("hello");
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            for (int id = 1; id < 7; id += 2) {
                Http2Response response = client.get(id, "/").expectResponse(id).status(200);
                response.body("hello").header("x-0", "value-0").header("x-9999", "value-9999");
                requireExactCuts(response.pieces());
            }
            client.expectNothingYet();
        }
    }

    @Test
    void aMebibyteAsOneValueAndAsOneTrailer() {
        String large = "0123456789abcdef".repeat(65536);
        HttpHandler handler =
                ctx -> {
                    ctx.response().header("large", large);
                    ctx.response().outputStream().write('x');
                    ctx.response().trailers().set("large", large);
                };
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            Http2Response response = client.get(1, "/").expectResponse(1).body("x");
            response.header("large", large).trailer("large", large);
            requireExactCuts(response.pieces());
            client.get(3, "/").expectResponse(3).header("large", large).trailer("large", large);
        }
    }

    /**
     * Section 4.3: "there cannot be any interleaved frames of any other type or from any other".
     */
    @Test
    void nothingComesBetweenThePiecesOfBlocks() {
        String large = "z".repeat(100_000);
        HttpHandler handler = ctx -> ctx.response().header("large", large).send("x");
        try (TestServer server = TestServer.startHttp2(handler)) {
            Http2Conversation client = server.connectHttp2();
            for (int id = 1; id < 60; id += 2) {
                client.get(id, "/").ping(id).settings();
            }
            for (int id = 1; id < 60; id += 2) {
                client.expectPingAck(id).expectSettingsAck();
                client.expectResponse(id).header("large", large).body("x");
            }
        }
    }
}
