package dev.kestrel.conformance.h2spec;

import dev.kestrel.http.HttpContext;
import dev.kestrel.server.KestrelServer;
import dev.kestrel.testkit.DiagnosticMemoryPool;
import dev.kestrel.testkit.TestCertificate;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Stream;

/**
 * All of h2spec's checks, each on a connection of its own to one server with its defaults, in clear
 * text and over TLS.
 */
@Timeout(120)
@ParameterizedClass
@ValueSource(strings = {"http", "https"})
class H2SpecTest {

    private static final DiagnosticMemoryPool POOL = new DiagnosticMemoryPool();

    @SuppressWarnings("NullAway.Init")
    private static KestrelServer server;

    @SuppressWarnings("NullAway.Init")
    private static KestrelServer secureServer;

    @Parameter private String scheme;

    @BeforeAll
    static void start() throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server =
                KestrelServer.builder()
                        .memoryPool(POOL)
                        .listen(address)
                        .handler(H2SpecTest::answer)
                        .start();
        secureServer =
                KestrelServer.builder()
                        .memoryPool(POOL)
                        .listen(address, endPoint -> endPoint.https(TestCertificate.server()))
                        .handler(H2SpecTest::answer)
                        .start();
    }

    /** Nothing of what was sent has cost memory. */
    @AfterAll
    static void stop() {
        server.close();
        secureServer.close();
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

    private H2SpecConnection connect() throws IOException {
        return scheme.equals("https")
                ? new H2SpecConnection(secureServer.port(), TestCertificate.client())
                : new H2SpecConnection(server.port(), null);
    }

    private Stream<DynamicContainer> containers(H2SpecSection[]... groups) {
        return Stream.of(groups)
                .flatMap(Stream::of)
                .map(
                        section ->
                                DynamicContainer.dynamicContainer(
                                        section.title(), section.cases().stream().map(this::test)));
    }

    private DynamicTest test(H2SpecCase each) {
        return DynamicTest.dynamicTest(
                each.name(),
                () -> {
                    try (H2SpecConnection connection = connect()) {
                        if (each.handshake()) {
                            connection.handshake();
                        }
                        each.exchange().run(connection);
                    }
                });
    }
}
