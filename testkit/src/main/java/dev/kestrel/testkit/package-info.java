/**
 * Tests of a server and its handlers without sockets and without sleeping.
 *
 * <p>{@link dev.kestrel.testkit.TestServer} is a whole server over a {@link
 * dev.kestrel.testkit.MemoryTransport} with a {@link dev.kestrel.testkit.ManualTimeProvider};
 * {@link dev.kestrel.testkit.Http1Conversation} talks to it:
 *
 * <pre>{@code
 * try (TestServer server = TestServer.start(ctx -> ctx.response().send("Hello"))) {
 *     Http1Conversation client = server.connect();
 *     client.send("GET / HTTP/1.1", "Host: example.org", "");
 *     client.expectStatus(200).expectBody("Hello");
 *     client.advance(Duration.ofSeconds(131));
 *     client.expectClosed();
 * }
 * }</pre>
 *
 * <p>{@link dev.kestrel.testkit.Http2Conversation} does the same with frames, and holds all that
 * comes to RFC 9113:
 *
 * <pre>{@code
 * try (TestServer server = TestServer.startHttp2(ctx -> ctx.response().send("Hello"))) {
 *     Http2Conversation client = server.connectHttp2();
 *     client.get(1, "/").get(3, "/");
 *     client.expectResponse(3).status(200).body("Hello");
 *     client.expectResponse(1).status(200).body("Hello");
 *     client.frame(Http2Frames.PING, 0, 1, new byte[8]);
 *     client.expectConnectionError(3, Http2Error.PROTOCOL_ERROR);
 * }
 * }</pre>
 *
 * <p>{@link dev.kestrel.testkit.Http3Conversation} speaks HTTP/3 over a {@link
 * dev.kestrel.testkit.MemoryMultiplexedTransport}, which stands for QUIC:
 *
 * <pre>{@code
 * try (TestServer server = TestServer.startHttp3(ctx -> ctx.response().send("Hello"))) {
 *     Http3Conversation client = server.connectHttp3();
 *     client.get(0, "/").expectResponse(0).status(200).body("Hello");
 *     client.controlFrame(Http3Frames.DATA).expectConnectionError(Http3Error.FRAME_UNEXPECTED);
 * }
 * }</pre>
 *
 * <p>Every wait is for a state of the other side, never for a time to pass. A test that would wait
 * for ever fails after {@link dev.kestrel.testkit.MemoryConnection#PATIENCE} with what was seen so
 * far. When a {@code TestServer} closes, it checks that no memory was lost and nothing unexpected
 * was logged.
 *
 * <p>Failures are {@link java.lang.AssertionError}s, so this works with any test framework and
 * depends on none.
 */
@NullMarked
package dev.kestrel.testkit;

import org.jspecify.annotations.NullMarked;
