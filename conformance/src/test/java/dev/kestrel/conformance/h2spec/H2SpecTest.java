package dev.kestrel.conformance.h2spec;

import dev.kestrel.http.HttpContext;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.DiagnosticMemoryPool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Stream;

/** All of h2spec's checks, each on a connection of its own to one server with its defaults. */
@Timeout(120)
class H2SpecTest {

    private static final DiagnosticMemoryPool POOL = new DiagnosticMemoryPool();

    @SuppressWarnings("NullAway.Init")
    private static KestrelServer server;

    @BeforeAll
    static void start() throws IOException {
        server =
                KestrelServer.builder()
                        .memoryPool(POOL)
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .handler(H2SpecTest::answer)
                        .start();
    }

    /** Nothing of what was sent has cost memory. */
    @AfterAll
    static void stop() {
        server.close();
        POOL.close();
    }

    private static void answer(HttpContext ctx) throws IOException {
        ctx.request().bodyBytes();
        ctx.response().send("Hello, World!");
    }

    @TestFactory
    Stream<DynamicContainer> generic() {
        return containers(GenericFrames.SECTIONS, GenericHpack.SECTIONS);
    }

    @TestFactory
    Stream<DynamicContainer> http2() {
        return containers(
                ConnectionCases.SECTIONS,
                StreamStateCases.SECTIONS,
                StreamCases.SECTIONS,
                FrameCases.SECTIONS,
                SettingsCases.SECTIONS,
                ControlFrameCases.SECTIONS,
                WindowCases.SECTIONS,
                ContinuationCases.SECTIONS,
                MessageCases.SECTIONS);
    }

    @TestFactory
    Stream<DynamicContainer> hpack() {
        return containers(HpackCases.SECTIONS);
    }

    private static Stream<DynamicContainer> containers(H2SpecSection[]... groups) {
        return Stream.of(groups)
                .flatMap(Stream::of)
                .map(
                        section ->
                                DynamicContainer.dynamicContainer(
                                        section.title(),
                                        section.cases().stream().map(H2SpecTest::test)));
    }

    private static DynamicTest test(H2SpecCase each) {
        return DynamicTest.dynamicTest(
                each.name(),
                () -> {
                    try (H2SpecConnection connection = new H2SpecConnection(server.port())) {
                        if (each.handshake()) {
                            connection.handshake();
                        }
                        each.exchange().run(connection);
                    }
                });
    }
}
