package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.UNLIMITED;
import static dev.kestrel.http2.Http2Attack.expectRefused;
import static dev.kestrel.http2.Http2Attack.expectServed;
import static dev.kestrel.http2.Http2Attack.rejections;
import static dev.kestrel.http2.Http2Attack.server;
import static dev.kestrel.http2.Http2Attack.times;
import static dev.kestrel.testkit.Http2Frames.CONTINUATION;
import static dev.kestrel.testkit.Http2Frames.END_HEADERS;
import static dev.kestrel.testkit.Http2Frames.END_STREAM;
import static dev.kestrel.testkit.Http2Frames.block;
import static dev.kestrel.testkit.Http2Frames.frame;
import static dev.kestrel.testkit.Http2Frames.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.http2.Http2Attack.HeldApplication;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HexFormat;

/** Header blocks that never end, or that become much more than they were on the wire. */
@Timeout(60)
class Http2HeaderAttacksTest {

    private static final int WHOLE = END_HEADERS | END_STREAM;

    /** The four pseudo-header fields of GET. */
    private static final byte[] GET = block(Http2Conversation.request("GET", "/"));

    /** Static entry 16: {@code accept-encoding: gzip, deflate}, in one byte. */
    private static final byte ACCEPT_ENCODING = (byte) 0x90;

    private static final HttpHandler OK = ctx -> ctx.response().send("ok");

    private static TestServer start() {
        return server(limits -> {}, OK);
    }

    // CONTINUATION.

    /** CVE-2024-27316 and others: "cap on CONTINUATION frames; stop before END_HEADERS". */
    @Test
    void continuationsWithoutEnd() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM, GET);
            client.sendRaw(times(33, frame(CONTINUATION, 0, 1, block("a", "b"))));
            expectRefused(server, client, "continuationFrames");
            assertThat(server.server().statistics().requests()).isZero();
        }
    }

    /** CVE-2026-33871. */
    @Test
    void emptyContinuations() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM, GET);
            client.sendRaw(times(10_000, frame(CONTINUATION, 0, 1)));
            expectRefused(server, client, "continuationFrames");
        }
    }

    @Test
    void continuationsOfOneByte() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM);
            for (byte next : GET) {
                client.continuation(1, 0, next);
            }
            expectRefused(server, client, "continuationFrames");
        }
    }

    @Test
    void asManyContinuationsAsThereMayBe() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM, GET);
            client.sendRaw(times(31, frame(CONTINUATION, 0, 1, block("a", "b"))));
            client.continuation(1, END_HEADERS).expectResponse(1).status(200);
        }
    }

    /** "Cap on header-block bytes": rows 53 and 54 say with which error. */
    @Test
    void bytesOfABlockAreLimitedBeforeItEnds() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM, GET);
            byte[] field = block("a", "x".repeat(16_000));
            client.sendRaw(times(5, frame(CONTINUATION, 0, 1, field)));
            client.expectConnectionError(1, Http2Error.PROTOCOL_ERROR);
            assertThat(rejections(server, "headerList")).isEqualTo(1);
        }
    }

    @Test
    void aBlockThatDoesNotEndHasTheTimeOfAHead() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, END_STREAM, GET);
            for (int i = 0; i < 6; i++) {
                client.advance(Http2Attack.SECOND.multipliedBy(5));
                client.expectQuiet().continuation(1, 0);
            }
            client.advance(Http2Attack.SECOND.multipliedBy(2));
            client.expectConnectionError(Integer.MAX_VALUE, Http2Error.INTERNAL_ERROR);
            assertThat(rejections(server, "slowHeaders")).isEqualTo(1);
        }
    }

    // Bombs: CVE-2026-49975, CVE-2026-47774.

    /** "Header count cap": 200 references of one byte are 200 fields. */
    @Test
    void referencesOfOneByteAreCountedAsFields() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, WHOLE, join(GET, times(97, ACCEPT_ENCODING)));
            client.expectResponse(1).status(431);
            client.headersFrame(3, WHOLE, join(GET, times(96, ACCEPT_ENCODING)));
            client.expectResponse(3).status(200);
            client.headersFrame(5, END_STREAM, join(GET, times(10_000, ACCEPT_ENCODING)));
            client.expectConnectionError(5, Http2Error.PROTOCOL_ERROR);
            assertThat(rejections(server, "headerList")).isEqualTo(2);
        }
    }

    /** "Incl. each cookie crumb before merging." */
    @Test
    void cookieCrumbsAreCountedBeforeTheyAreMerged() {
        HttpHandler handler =
                ctx -> ctx.response().send(String.valueOf(ctx.request().headers().get("cookie")));
        try (TestServer server = server(limits -> {}, handler)) {
            Http2Conversation client = server.connectHttp2();
            byte[] crumb = block("cookie", "a=b");
            client.headersFrame(1, WHOLE, join(GET, times(97, crumb)));
            client.expectResponse(1).status(431);
            client.headersFrame(3, WHOLE, join(GET, times(96, crumb)));
            client.expectResponse(3).status(200).body("a=b" + "; a=b".repeat(95));
            client.headersFrame(5, END_STREAM, join(GET, times(200, crumb)));
            client.expectConnectionError(5, Http2Error.PROTOCOL_ERROR);
        }
    }

    /** "Decoded size with 32 B/entry overhead": a large entry of the table, again and again. */
    @Test
    void referencesToALargeEntryCountWithItsSize() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            byte[] entry = block("x", "y".repeat(4000));
            entry[0] = 0x40; // With incremental indexing: it becomes entry 62.
            byte reference = (byte) 0xbe;
            client.headersFrame(1, WHOLE, join(GET, entry, times(6, reference)));
            client.expectResponse(1).status(200);
            client.headersFrame(3, WHOLE, join(GET, times(9, reference)));
            client.expectResponse(3).status(431);
            client.headersFrame(5, WHOLE, join(GET, times(17, reference)));
            client.expectConnectionError(5, Http2Error.PROTOCOL_ERROR);
            assertThat(rejections(server, "headerList")).isEqualTo(2);
        }
    }

    /** "Per-connection total of live header memory": trailers are held as long as the rest. */
    @Test
    void trailersCountWithTheFieldsOfRunningRequests() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> limits.maxLiveHeaderBytes(30_000), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            client.post(1, "/").trailers(1, "x", "y".repeat(14_000)).expectNothingYet();
            client.post(3, "/").trailers(3, "x", "y".repeat(14_000)).expectNothingYet();
            client.post(5, "/").trailers(5, "x", "y".repeat(14_000));
            client.expectReset(5, Http2Error.ENHANCE_YOUR_CALM);
            assertThat(rejections(server, "liveHeaderBytes")).isEqualTo(1);
            gate.open();
            client.expectResponse(1).status(200).complete();
            client.expectResponse(3).status(200).complete();
        }
    }

    /** "Per-connection total of live header memory." */
    @Test
    void fieldsOfAllRunningRequestsAreLimitedTogether() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server =
                        server(
                                limits ->
                                        limits.maxLiveHeaderBytes(100_000)
                                                .maxStreamResets(UNLIMITED),
                                gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            byte[] large = join(GET, times(6, block("x", "y".repeat(4000))));
            for (int id = 1; id <= 7; id += 2) {
                client.headersFrame(id, END_STREAM, Arrays.copyOf(large, 16_000));
                client.continuation(
                        id, END_HEADERS, Arrays.copyOfRange(large, 16_000, large.length));
            }
            client.expectNothingYet();
            client.headersFrame(9, END_STREAM, Arrays.copyOf(large, 16_000));
            client.continuation(9, END_HEADERS, Arrays.copyOfRange(large, 16_000, large.length));
            client.expectReset(9, Http2Error.REFUSED_STREAM);
            assertThat(rejections(server, "liveHeaderBytes")).isEqualTo(1);

            gate.open();
            for (int id = 1; id <= 7; id += 2) {
                client.expectResponse(id).status(200);
            }
            // They are given back once the applications have returned.
            int id = 11;
            while (true) {
                client.headersFrame(id, END_STREAM, Arrays.copyOf(large, 16_000));
                client.continuation(
                        id, END_HEADERS, Arrays.copyOfRange(large, 16_000, large.length));
                if (client.nextFrame(id).type() == Http2Frames.HEADERS) {
                    break;
                }
                id += 2;
            }
        }
    }

    // HPACK: rows 197 to 199, with the vectors of section 19.

    /** "GOAWAY COMPRESSION_ERROR." */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "007f82ff01", // row 197: a string of 32769 bytes, by its length
                "823e", // row 198: a table size update behind a field
                "3fe21f", // row 198: a table size update to 4097
                "be", // row 199: entry 62 of an empty table
                "7e", // row 199: a name by entry 62
                "4082f8ff", // row 199: Huffman padding longer than 7 bits
                "4084ffffffff", // row 199: EOS in a string
                "00000576616c7565", // row 199: an empty name
                "00800576616c7565", // row 199: an empty name, Huffman coded
                "007f808080807f", // an integer over 2^31-1
                "ffffffffffffffffffffff7f" // an integer that does not end
            })
    void row197To199_whatHpackForbidsEndsTheConnection(String hex) {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, WHOLE, HexFormat.of().parseHex(hex));
            client.expectConnectionError(1, Http2Error.COMPRESSION_ERROR);
        }
    }

    @Test
    void row197_aStringOfTheGreatestLengthIsTaken() {
        try (TestServer server =
                TestServer.http2().limits(l -> l.maxRequestHeadersTotalSize(100_000)).start(OK)) {
            Http2Conversation client = server.connectHttp2();
            client.get(1, "/", "a", "x".repeat(32_768)).expectResponse(1).status(200);
            client.get(3, "/", "a", "x".repeat(32_769));
            client.expectConnectionError(3, Http2Error.COMPRESSION_ERROR);
        }
    }

    /** A string of which little comes holds no more memory than what came. */
    @Test
    void aLongStringThatDoesNotComeHoldsNothing() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            client.headersFrame(1, WHOLE, GET).expectResponse(1).status(200);
            // A name of 32768 bytes, of which one comes.
            client.headersFrame(3, WHOLE, HexFormat.of().parseHex("007f81ff0161"));
            client.expectConnectionError(3, Http2Error.COMPRESSION_ERROR);
        }
    }

    @Test
    void manyLargeRequestsOneAfterAnotherAreFine() {
        try (TestServer server = start()) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 300; i++) {
                client.get(2 * i + 1, "/", "a", "x".repeat(15_000));
                client.expectResponse(2 * i + 1).status(200);
            }
            expectServed(client, 601);
        }
    }
}
