package dev.kestrel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.kestrel.http.HttpHandler;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.server.KestrelServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Raw requests from public suites (llhttp, http-desync-guardian, h1spec, picohttpparser,
 * http-garden, smuggler and others) against a real server over sockets.
 *
 * <p>No request that must be rejected is answered 2xx, none that must be accepted is answered 4xx
 * or 5xx, there are never more answers than requests, never an error of the server, and the server
 * lives. {@code raw-requests-differences.json} names requests that this server refuses by design
 * unless an option allows them; they are played with and without that option.
 */
@Timeout(120)
class RawRequestsTest {

    /** Answers 200 to any method and path, with the body that came where there can be one. */
    private static final HttpHandler ECHO =
            ctx -> {
                byte[] body = ctx.request().bodyBytes();
                if (!ctx.request().method().equals("CONNECT")) {
                    ctx.response().send(body);
                }
            };

    private static final byte[] PROBE =
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final int AT_ONCE = 64;

    @Test
    void everyRequestOfThePublicSuites() throws IOException, InterruptedException {
        Set<String> different = differences();
        List<RawRequest> requests = requests();
        assertThat(requests).hasSize(2565);
        requests.removeIf(request -> different.contains(request.name()));
        try (KestrelServer server = start(options -> {})) {
            assertThat(play(requests, server)).isEmpty();
        }
    }

    @Test
    void requestsThatAreRefusedUnlessAnOptionAllowsThem() throws IOException, InterruptedException {
        Set<String> different = differences();
        List<RawRequest> requests = requests();
        requests.removeIf(request -> !different.contains(request.name()));
        assertThat(requests).hasSameSizeAs(different);
        try (KestrelServer server = start(options -> {})) {
            for (RawRequest request : requests) {
                try (RawExchange exchange = new RawExchange(server.port(), request.bytes())) {
                    assertThat(exchange.statuses()).as(request.name()).containsExactly(400);
                }
            }
        }
        Consumer<KestrelServerOptions.Builder> lenient =
                options ->
                        options.allowHostHeaderOverride(true)
                                .requestHeaderEncodingSelector(name -> StandardCharsets.ISO_8859_1);
        try (KestrelServer server = start(lenient)) {
            assertThat(play(requests, server)).isEmpty();
        }
    }

    private static List<RawRequest> requests() throws IOException {
        List<RawRequest> requests = new ArrayList<>();
        SharedData.json("http1/h1cases.json").forEach(row -> requests.add(RawRequest.of(row)));
        return requests;
    }

    private static Set<String> differences() throws IOException {
        try (InputStream in =
                RawRequestsTest.class.getResourceAsStream("/raw-requests-differences.json")) {
            Set<String> names = new HashSet<>();
            for (JsonNode difference : new ObjectMapper().readTree(Objects.requireNonNull(in))) {
                assertThat(difference.get("why").asText()).isNotEmpty();
                difference.get("requests").forEach(name -> names.add(name.asText()));
            }
            return names;
        }
    }

    private static KestrelServer start(Consumer<KestrelServerOptions.Builder> options)
            throws IOException {
        return KestrelServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .options(options)
                .handler(ECHO)
                .start();
    }

    private static Collection<String> play(List<RawRequest> requests, KestrelServer server)
            throws IOException, InterruptedException {
        ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
        Semaphore slots = new Semaphore(AT_ONCE);
        for (RawRequest request : requests) {
            slots.acquire();
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    judge(request, server.port(), faults);
                                } finally {
                                    slots.release();
                                }
                            });
        }
        slots.acquire(AT_ONCE);
        try (RawExchange probe = new RawExchange(server.port(), PROBE)) {
            assertThat(probe.statuses()).as("the server afterwards").containsExactly(200);
        }
        return faults;
    }

    private static void judge(RawRequest request, int port, ConcurrentLinkedQueue<String> faults) {
        try (RawExchange exchange = new RawExchange(port, request.bytes())) {
            String fault = fault(request, exchange);
            if (fault != null) {
                faults.add(request.name() + ": " + fault + ", answered " + exchange.statuses());
            }
        } catch (IOException | RuntimeException e) {
            faults.add(request.name() + ": the answer can not be read: " + e);
        }
    }

    private static @Nullable String fault(RawRequest request, RawExchange exchange) {
        List<Integer> statuses = exchange.statuses();
        long good = statuses.stream().filter(status -> status < 300).count();
        // 501 and 505 say that the server does not know what the client speaks.
        if (statuses.stream().anyMatch(status -> status >= 500 && status != 501 && status != 505)) {
            return "an error of the server";
        }
        if (request.expectation().equals("accept")) {
            if (statuses.stream().anyMatch(status -> status >= 400)) {
                return "a request that must be accepted was rejected";
            }
            boolean waits = request.mustWait() && exchange.waited();
            return good < request.completeRequests() && !waits
                    ? "a request was not answered"
                    : null;
        }
        if (request.expectation().equals("reject") && good > request.completeRequests()) {
            return "a request that must be rejected was answered";
        }
        return request.smuggling() && good > request.completeRequests()
                ? "more answers than requests"
                : null;
    }
}
