package dev.kestrel.http2;

import static dev.kestrel.http2.Http2Attack.UNLIMITED;
import static dev.kestrel.http2.Http2Attack.expectRefused;
import static dev.kestrel.http2.Http2Attack.expectServed;
import static dev.kestrel.http2.Http2Attack.rejections;
import static dev.kestrel.http2.Http2Attack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.http2.Http2Attack.HeldApplication;
import dev.kestrel.options.Http2LimitsBuilder;
import dev.kestrel.testkit.Http2Conversation;
import dev.kestrel.testkit.Http2Error;
import dev.kestrel.testkit.Http2Frames;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Streams that are reset as soon as they are opened, by the client (rapid reset, CVE-2023-44487) or
 * by the server for what the client sent (MadeYouReset, CVE-2025-8671).
 */
@Timeout(60)
class Http2ResetAttacksTest {

    /** Ends with an error as soon as its stream is reset: the body never comes. */
    private static final HttpHandler READS = ctx -> ctx.response().send(ctx.request().bodyBytes());

    /**
     * So many that a handler which has not heard of its reset yet takes no other stream's place.
     */
    private static TestServer roomyServer(Consumer<Http2LimitsBuilder> change) {
        return server(limits -> change.accept(limits.maxStreamsPerConnection(1000)), READS);
    }

    private static void openAndReset(Http2Conversation client, int streamId) {
        client.post(streamId, "/").rstStream(streamId, Http2Error.CANCEL);
    }

    @Test
    void rapidResetOfRequestsThatEndWithTheirStream() {
        try (TestServer server = roomyServer(limits -> {})) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 201; i++) {
                openAndReset(client, 2 * i + 1);
            }
            expectRefused(server, client, "streamResets");
        }
    }

    @Test
    void rapidResetOfRequestsThatStillRun() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> limits.maxStreamsPerConnection(1000), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 1000; i++) {
                openAndReset(client, 2 * i + 1);
            }
            expectRefused(server, client, "streamResets");
            gate.open();
            assertThat(gate.called()).isLessThanOrEqualTo(201);
        }
    }

    @Test
    void theLimitIsFor30Seconds() {
        try (TestServer server = roomyServer(limits -> {})) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 200; i++) {
                openAndReset(client, 2 * i + 1);
            }
            client.expectNothingYet();
            client.advance(Duration.ofSeconds(30));
            for (int i = 200; i < 400; i++) {
                openAndReset(client, 2 * i + 1);
            }
            client.expectNothingYet();
            openAndReset(client, 801);
            expectRefused(server, client, "streamResets");
        }
    }

    @Test
    void theLimitCanBeSwitchedOff() {
        try (TestServer server = roomyServer(limits -> limits.maxStreamResets(UNLIMITED))) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 1000; i++) {
                openAndReset(client, 2 * i + 1);
                client.awaitServerIdle();
            }
            client.expectNothingYet();
        }
    }

    /** What the client sends so that the server resets the stream. */
    enum Provocation {
        WINDOW_UPDATE_OF_NOTHING {
            @Override
            void send(Http2Conversation client, int id) {
                client.post(id, "/").windowUpdate(id, 0);
            }
        },
        WINDOW_OVERFLOW {
            @Override
            void send(Http2Conversation client, int id) {
                client.post(id, "/").windowUpdate(id, Integer.MAX_VALUE);
            }
        },
        MORE_THAN_CONTENT_LENGTH {
            @Override
            void send(Http2Conversation client, int id) {
                client.post(id, "/", "content-length", "1").data(id, false, "ab");
            }
        },
        LESS_THAN_CONTENT_LENGTH {
            @Override
            void send(Http2Conversation client, int id) {
                client.post(id, "/", "content-length", "3").data(id, true, "ab");
            }
        },
        CONTENT_LENGTH_WITHOUT_DATA {
            @Override
            void send(Http2Conversation client, int id) {
                client.get(id, "/", "content-length", "3");
            }
        },
        PRIORITY_ON_ITSELF {
            @Override
            void send(Http2Conversation client, int id) {
                client.post(id, "/").priority(id, id, false, 16);
            }
        },
        PRIORITY_OF_A_WRONG_LENGTH {
            @Override
            void send(Http2Conversation client, int id) {
                client.post(id, "/").frame(Http2Frames.PRIORITY, 0, id, new byte[4]);
            }
        },
        DATA_BEHIND_THE_END {
            @Override
            void send(Http2Conversation client, int id) {
                client.get(id, "/").data(id, false, "x");
            }
        },
        HEADERS_BEHIND_THE_END {
            @Override
            void send(Http2Conversation client, int id) {
                client.get(id, "/").trailers(id, "a", "b");
            }
        },
        TRAILERS_WITHOUT_END_STREAM {
            @Override
            void send(Http2Conversation client, int id) {
                client.post(id, "/").headers(id, false, "a", "b");
            }
        },
        NO_PATH {
            @Override
            void send(Http2Conversation client, int id) {
                client.headers(id, true, ":method", "GET", ":scheme", "http");
            }
        },
        MALFORMED_FIELD {
            @Override
            void send(Http2Conversation client, int id) {
                client.get(id, "/", "Upper", "case");
            }
        },
        CONNECTION_SPECIFIC_FIELD {
            @Override
            void send(Http2Conversation client, int id) {
                client.get(id, "/", "connection", "close");
            }
        };

        abstract void send(Http2Conversation client, int id);
    }

    @ParameterizedTest
    @EnumSource
    void resetsThatTheClientProvokesCountLikeItsOwn(Provocation provocation) {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> limits.maxStreamResets(20), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 20; i++) {
                provocation.send(client, 2 * i + 1);
                assertThat(client.nextFrame(2 * i + 1).type()).isEqualTo(Http2Frames.RST_STREAM);
            }
            client.expectNothingYet();
            provocation.send(client, 41);
            expectRefused(server, client, "streamResets");
        }
    }

    @Test
    void refusedStreamsCountLikeResets() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> limits.maxStreamsPerConnection(1), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 300; i++) {
                client.get(2 * i + 1, "/");
            }
            assertThat(expectRefused(server, client, "streamResets"))
                    .as("RST_STREAM before it is enough")
                    .isLessThanOrEqualTo(200);
            assertThat(rejections(server, "refusedStreams")).isEqualTo(201);
        }
    }

    @Test
    void resetsOfRequestsThatWereAnsweredAreNoAttack() {
        try (TestServer server = server(limits -> {}, ctx -> ctx.response().send("ok"))) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 1000; i++) {
                expectServed(client, 2 * i + 1);
                client.rstStream(2 * i + 1, Http2Error.CANCEL);
            }
            client.expectNothingYet();
        }
    }

    /** Clients send another reset for each frame that was on its way to them at the first. */
    @Test
    void furtherResetsOfAStreamAreNoFurtherStreams() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> {}, gate);
                gate) {
            Http2Conversation client = server.connectHttp2().get(1, "/");
            client.rstStream(1, Http2Error.CANCEL);
            for (int i = 0; i < 500; i++) {
                client.rstStream(1, Http2Error.STREAM_CLOSED);
            }
            client.expectNothingYet();
            gate.open();
            expectServed(client, 3);
            assertThat(rejections(server, "streamResets")).isZero();
        }
    }

    /** "More than max(2 x MaxStreamsPerConnection, 100) tracked streams: ENHANCE_YOUR_CALM." */
    @ParameterizedTest
    @CsvSource({"1, 100", "100, 200", "150, 300"})
    void row13And14_streamsThatStillRunCountAfterTheirReset(int maxStreams, int tracked) {
        HeldApplication gate = new HeldApplication();
        try (TestServer server =
                        server(
                                limits ->
                                        limits.maxStreamsPerConnection(maxStreams)
                                                .maxStreamResets(1000),
                                gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < tracked; i++) {
                client.get(2 * i + 1, "/").rstStream(2 * i + 1, Http2Error.CANCEL);
            }
            client.expectNothingYet();
            int next = 2 * tracked + 1;
            client.get(next, "/").expectReset(next, Http2Error.ENHANCE_YOUR_CALM);
            client.expectNothingYet();
            assertThat(rejections(server, "enhanceYourCalm")).isEqualTo(1);
        }
    }

    /** "More than 5 x MaxEnhanceYourCalmCount (20) within a 5-tick window: GOAWAY." */
    @Test
    void row15_tooManyRefusalsOfThatKindEndTheConnection() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> limits.maxStreamsPerConnection(1), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 100; i++) {
                client.get(2 * i + 1, "/").rstStream(2 * i + 1, Http2Error.CANCEL);
            }
            for (int i = 100; i < 200; i++) {
                client.get(2 * i + 1, "/").expectReset(2 * i + 1, Http2Error.ENHANCE_YOUR_CALM);
            }
            client.expectNothingYet();
            client.get(401, "/")
                    .expectConnectionError(Integer.MAX_VALUE, Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void row15_refusalsOfThatKindAtASlowerPaceDoNot() {
        HeldApplication gate = new HeldApplication();
        try (TestServer server = server(limits -> limits.maxStreamsPerConnection(1), gate);
                gate) {
            Http2Conversation client = server.connectHttp2();
            for (int i = 0; i < 100; i++) {
                client.get(2 * i + 1, "/").rstStream(2 * i + 1, Http2Error.CANCEL);
            }
            for (int i = 100; i < 300; i++) {
                client.get(2 * i + 1, "/").expectReset(2 * i + 1, Http2Error.ENHANCE_YOUR_CALM);
                if (i % 20 == 19) {
                    client.advance(Http2Attack.SECOND);
                }
            }
            client.expectNothingYet();
        }
    }
}
