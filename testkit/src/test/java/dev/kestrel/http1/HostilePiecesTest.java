package dev.kestrel.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpUpgradeFeature;
import dev.kestrel.testkit.Http1Conversation;
import dev.kestrel.testkit.TestServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Objects;

/** Clients that choose badly where their bytes end, on purpose. */
@Timeout(20)
class HostilePiecesTest {

    private static final HttpHandler ECHO = ctx -> ctx.response().send(ctx.request().bodyBytes());

    /**
     * A client that ends its side inside the trailers will never send the rest: a server that goes
     * on looking for it uses a whole processor for as long as a head may take.
     */
    @ParameterizedTest
    @ValueSource(strings = {"0\r\nX: partial", "0\r\nX: whole\r\n", "0\r\n\r", "0\r\n"})
    void trailersThatAreCutOffEndTheConnection(String cut) {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "");
            client.sendRaw(cut).finish().expectGone();
        }
    }

    /** The same when the application left the body alone and the server looks for its end. */
    @Test
    void trailersThatAreCutOffWhileTheRestIsDrainedEndTheConnection() {
        try (TestServer server = TestServer.start(ctx -> ctx.response().send("ok"))) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "");
            client.sendRaw("0\r\nX: partial").finish();
            client.expectStatus(200).expectBody("ok").expectGone();
        }
    }

    /**
     * Where a read ends says nothing about the message. The first half of a line that was the same
     * in the last request must not be counted into the line behind it.
     */
    @Test
    void aHeadMayBeCutAnywhere() {
        String head = "GET /some/path HTTP/1.1\r\nA-Long-Name: and a long value\r\nHost: x\r\n";
        String next = head + "B: 1\r\nC: 2\r\n\r\n";
        HttpHandler handler =
                ctx -> {
                    String b = ctx.request().headers().get("B");
                    String c = ctx.request().headers().get("C");
                    ctx.response().send(b + c);
                };
        for (int cut = 1; cut < next.length(); cut++) {
            try (TestServer server = TestServer.start(handler)) {
                Http1Conversation client = server.connect();
                client.sendRaw(head + "\r\n").expectStatus(200).expectBody("nullnull");
                client.sendRaw(next.substring(0, cut)).expectNothingYet();
                client.sendRaw(next.substring(cut)).expectStatus(200).expectBody("12");
            }
        }
    }

    /** Bytes count for the rate once, however small the chunks are that frame them. */
    @Test
    void manySmallChunksDoNotBuyTime() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "");
            client.expectNothingYet();
            // 3,000 bytes: at 240 a second they are worth less than 13 s.
            client.sendRaw("1\r\nx\r\n".repeat(500)).expectNothingYet();
            client.advance(Duration.ofSeconds(20));
            client.expectStatus(408).expectBody("").expectClosed();
        }
    }

    /** The same for an application that takes its body in small pieces. */
    @Test
    void smallReadsDoNotBuyTime() {
        HttpHandler oneByOne =
                ctx -> {
                    byte[] one = new byte[1];
                    while (ctx.request().inputStream().read(one, 0, 1) >= 0) {
                        // Goes on.
                    }
                };
        try (TestServer server = TestServer.start(oneByOne)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 10000", "");
            client.expectNothingYet();
            client.sendRaw("x".repeat(1000)).expectNothingYet();
            client.advance(Duration.ofSeconds(15));
            client.expectStatus(408).expectBody("").expectClosed();
        }
    }

    /** A megabyte at once is not worth an hour and more of silence. */
    @Test
    void aFastStartDoesNotBuyTime() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.send("POST / HTTP/1.1", "Host: x", "Content-Length: 2000000", "");
            client.expectNothingYet();
            client.sendRaw("x".repeat(1_000_000)).expectNothingYet();
            client.advance(Duration.ofSeconds(300));
            client.expectStatus(408).expectBody("").expectClosed();
        }
    }

    /** A client that breaks its upgraded connection gives its place back all the same. */
    @Test
    void aBrokenUpgradeGivesItsPlaceBack() {
        HttpHandler upgrades =
                ctx -> {
                    HttpUpgradeFeature feature =
                            Objects.requireNonNull(ctx.features().get(HttpUpgradeFeature.class));
                    ctx.response().header("Upgrade", "x").header("Connection", "Upgrade");
                    feature.upgrade().input().read();
                };
        try (TestServer server =
                TestServer.builder()
                        .limits(l -> l.maxConcurrentUpgradedConnections(1))
                        .start(upgrades)) {
            for (int i = 0; i < 3; i++) {
                Http1Conversation client = server.connect();
                client.send("GET / HTTP/1.1", "Host: x", "Connection: upgrade", "Upgrade: x", "");
                client.expectStatus(101).expectNothingYet();
                client.reset();
                awaitNoneUpgraded(server);
            }
        }
    }

    private static void awaitNoneUpgraded(TestServer server) {
        while (server.server().statistics().upgradedConnections() > 0) {
            assertThat(Thread.interrupted()).as("out of time").isFalse();
            Thread.onSpinWait();
        }
    }

    /** Names of codings and options are ASCII: letters that fold to it are other letters. */
    @Test
    void theKelvinSignIsNoK() {
        try (TestServer server = TestServer.start(ECHO)) {
            Http1Conversation client = server.connect();
            client.sendRaw("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chun");
            client.sendRaw((byte) 0xe2, (byte) 0x84, (byte) 0xaa);
            client.sendRaw("ed\r\n\r\n0\r\n\r\n");
            client.expectStatus(400).expectClosed();
        }
    }

    /** A large answer in one piece must not give a client that reads nothing hours of patience. */
    @Test
    void aLargeAnswerIsTimedInPieces() {
        HttpHandler large = ctx -> ctx.response().send(new byte[10_000_000]);
        try (TestServer server = TestServer.builder().transportBuffer(1000).start(large)) {
            Http1Conversation client = server.connect();
            client.send("GET / HTTP/1.1", "Host: x", "");
            client.connection().awaitServerBlockedInWrite();
            // 64 KiB at 240 bytes a second.
            server.time().advance(Duration.ofSeconds(300));
            assertThat(client.connection().isEndedByServer()).isTrue();
        }
    }
}
