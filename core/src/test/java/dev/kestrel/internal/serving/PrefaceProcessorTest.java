package dev.kestrel.internal.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionResetException;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.internal.guard.ResourceCounter;
import dev.kestrel.internal.guard.TimeoutControl;
import dev.kestrel.internal.guard.TimeoutReason;
import dev.kestrel.internal.protocol.DateHeaderValueManager;
import dev.kestrel.internal.protocol.HttpConnectionContext;
import dev.kestrel.internal.protocol.HttpCounters;
import dev.kestrel.internal.protocol.HttpServices;
import dev.kestrel.internal.protocol.RequestProcessor;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.KestrelServerOptions;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.SourcePipeReader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;

/**
 * Which engine gets a connection that may speak both versions. The client is a script: what it
 * sends, and what happens while the server waits for more. Everything runs on the test's thread.
 */
class PrefaceProcessorTest implements ByteSource {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final long SECOND = TimeoutControl.HEARTBEAT;
    private static final ConnectionAbortedException ABORTED =
            new ConnectionAbortedException("aborted");

    /** What happens each time the server waits. */
    private interface Step {
        void run(ByteBuffer target) throws IOException;
    }

    private final Deque<Step> script = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final MemoryPool pool = new MemoryPool();
    private final FakeConnection connection = new FakeConnection(pool);
    private final KestrelServerOptions options = KestrelServerOptions.builder().build();
    private final TimeoutControl timeouts = new TimeoutControl(this::onTimeout, 0);
    private final HttpConnectionContext context;
    private final PrefaceProcessor processor;
    private Runnable whileTheEngineIsMade = () -> {};
    private long nanoTime;
    private boolean cancelled;

    PrefaceProcessorTest() {
        connection.transport(
                DuplexPipe.of(new SourcePipeReader(pool, this), connection.transport().output()));
        context =
                new HttpConnectionContext(
                        connection,
                        new HttpServices(
                                options,
                                pool,
                                new DateHeaderValueManager(Instant.EPOCH),
                                new ResourceCounter(1),
                                new HttpCounters()),
                        timeouts,
                        "http",
                        null);
        processor =
                new PrefaceProcessor(context, each -> engine("HTTP/1.1"), each -> engine("HTTP/2"));
    }

    @AfterEach
    void nothingIsKept() {
        connection.transport().input().complete();
        connection.close();
        assertThat(pool.stats().rented()).isZero();
    }

    @Test
    void thePrefaceIsHttp2AndTheEngineGetsAllOfIt() throws Exception {
        send(PREFACE + "frames").serve();
        assertThat(told).containsExactly("HTTP/2 reads " + PREFACE + "frames");
    }

    @Test
    void thePrefaceMayComeByteByByte() throws Exception {
        sendInPieces(PREFACE).serve();
        assertThat(told).containsExactly("HTTP/2 reads " + PREFACE);
    }

    /** "A client that makes a request to an 'http' URI without prior knowledge ... HTTP/1.1." */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.1\r\n\r\n",
                "PRI / HTTP/1.1\r\n\r\n",
                "PRIX * HTTP/2.0\r\n\r\n",
                "PRI * HTTP/1.1\r\n\r\n",
                "PRI * HTTP/2.1\r\n\r\n",
                "pri * http/2.0\r\n\r\n",
                "\r\nPRI * HTTP/2.0\r\n\r\n",
                "\u0016\u0003\u0001"
            })
    void anythingElseIsHttp1(String bytes) throws Exception {
        sendInPieces(bytes).serve();
        assertThat(told).containsExactly("HTTP/1.1 reads " + bytes);
    }

    @Test
    void theFirstByteThatDiffersDecides() throws Exception {
        send("PR").send("O").then(() -> told.add("waited for more")).serve();
        // It is the engine that waits: it was made before.
        assertThat(told).containsExactly("waited for more", "HTTP/1.1 reads PRO");
        assertThat(enginesMadeAfter).containsExactly("PRO");
    }

    /** "MUST treat an invalid connection preface as a connection error" is HTTP/2's to say. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRI * HTTP/2.0\n\nSM\n\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\nX\n",
                "PRI * HTTP/2.0\r\nHost: x\r\n\r\n"
            })
    void aPrefaceThatGoesWrongBehindTheVersionIsHttp2(String bytes) throws Exception {
        sendInPieces(bytes).serve();
        assertThat(told).containsExactly("HTTP/2 reads " + bytes);
    }

    @Test
    void aStreamThatEndsHalfWayIsTheEnginesOfWhatItSaidSoFar() throws Exception {
        send("PRI * HTTP/2").serve();
        assertThat(told).containsExactly("HTTP/1.1 reads PRI * HTTP/2");
    }

    @Test
    void aStreamThatEndsBehindTheVersionIsHttp2() throws Exception {
        send("PRI * HTTP/2.0\r\n").serve();
        assertThat(told).containsExactly("HTTP/2 reads PRI * HTTP/2.0\r\n");
    }

    @Test
    void aClientThatSendsNothingIsHttp1sToEnd() throws Exception {
        serve();
        assertThat(told).containsExactly("HTTP/1.1 reads ");
    }

    @Test
    void aStopEndsTheWait() throws Exception {
        then(processor::stopProcessingNextRequest).serve();
        assertThat(told).isEmpty();
        assertThat(cancelled).isTrue();
    }

    @Test
    void aStopHalfWayThroughThePrefaceEndsTheWait() throws Exception {
        send("PRI * HT").then(processor::stopProcessingNextRequest).serve();
        assertThat(told).isEmpty();
    }

    @Test
    void aStopBeforeAnythingWasReadEndsTheConnection() throws Exception {
        processor.stopProcessingNextRequest();
        send(PREFACE).serve();
        assertThat(told).isEmpty();
    }

    @Test
    void whatComesWhileTheEngineIsMadeReachesIt() throws Exception {
        whileTheEngineIsMade = () -> processor.stopProcessingNextRequest();
        send(PREFACE).serve();
        assertThat(told).containsExactly("HTTP/2 stops", "HTTP/2 reads " + PREFACE);
        assertThat(cancelled).as("the reads are the engine's by then").isFalse();
    }

    @Test
    void onceThereIsAnEngineEverythingGoesThere() throws Exception {
        send("GET")
                .then(
                        () -> {
                            processor.tick(1);
                            processor.onTimeout(TimeoutReason.REQUEST_BODY_DRAIN);
                            processor.stopProcessingNextRequest();
                            processor.abort(ABORTED);
                        })
                .serve();
        assertThat(told)
                .containsExactly(
                        "HTTP/1.1 ticks",
                        "HTTP/1.1 REQUEST_BODY_DRAIN",
                        "HTTP/1.1 stops",
                        "HTTP/1.1 aborts",
                        "HTTP/1.1 reads GET");
    }

    @Test
    void anAbortBeforeThereIsAnEngineAbortsTheConnection() throws Exception {
        then(() -> processor.abort(ABORTED)).serve();
        assertThat(connection.ended.cause()).isSameAs(ABORTED);
    }

    @Test
    void aConnectionThatBreaksMeanwhileIsNoError() throws Exception {
        script.add(
                target -> {
                    throw new ConnectionResetException("reset", null);
                });
        serve();
        assertThat(told).isEmpty();
    }

    @Test
    void anIdleClientHasTheKeepAliveTime() throws Exception {
        int time = (int) options.limits().keepAliveTimeout().toSeconds();
        then(() -> seconds(time)).then(() -> told.add("still waits")).then(() -> seconds(2));
        serve();
        assertThat(told).containsExactly("still waits", "KEEP_ALIVE");
    }

    @Test
    void aClientThatBeganHasTheTimeOfAHeadForAllOfThePreface() throws Exception {
        int time = (int) options.limits().requestHeadersTimeout().toSeconds();
        send("P").then(() -> seconds(time)).send("R").then(() -> told.add("still waits"));
        then(() -> seconds(2)).serve();
        assertThat(told)
                .containsExactly(
                        "still waits",
                        "REQUEST_HEADERS",
                        "HTTP/1.1 REQUEST_HEADERS",
                        "HTTP/1.1 reads PR");
    }

    @Test
    void theEngineBeginsWithoutATimeout() throws Exception {
        send("P").send("O").then(() -> seconds(1000)).serve();
        assertThat(told).containsExactly("HTTP/1.1 ticks", "HTTP/1.1 reads PO");
    }

    @Test
    void anEndpointOfOneVersionDoesNotLook() throws Exception {
        ProtocolSelector one = each -> engine("HTTP/1.1");
        ProtocolSelector two = each -> engine("HTTP/2");
        assertThat(ProtocolSelector.of(EnumSet.of(HttpVersion.HTTP_1_1), one, two)).isSameAs(one);
        assertThat(ProtocolSelector.of(EnumSet.of(HttpVersion.HTTP_2), one, two)).isSameAs(two);
        assertThat(ProtocolSelector.of(EnumSet.allOf(HttpVersion.class), one, two).select(context))
                .isInstanceOf(PrefaceProcessor.class);
    }

    // The script.

    private final List<String> enginesMadeAfter = new ArrayList<>();
    private final StringBuilder sent = new StringBuilder();

    private PrefaceProcessorTest send(String bytes) {
        script.add(
                target -> {
                    target.put(bytes.getBytes(StandardCharsets.ISO_8859_1));
                    sent.append(bytes);
                });
        return this;
    }

    private PrefaceProcessorTest sendInPieces(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            send(bytes.substring(i, i + 1));
        }
        return this;
    }

    private PrefaceProcessorTest then(Runnable event) {
        script.add(target -> event.run());
        return this;
    }

    private void serve() throws Exception {
        processor.processRequests(each -> {});
    }

    private void seconds(int count) {
        for (int i = 0; i < count; i++) {
            nanoTime += SECOND;
            timeouts.tick(nanoTime);
        }
        processor.tick(nanoTime);
    }

    private void onTimeout(TimeoutReason reason) {
        told.add(reason.toString());
        processor.onTimeout(reason);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int before = target.position();
        while (!cancelled && target.position() == before) {
            Step next = script.poll();
            if (next == null) {
                return -1;
            }
            next.run(target);
        }
        return cancelled ? -1 : target.position() - before;
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    /** An engine that writes down what it is told, and reads to the end. */
    private RequestProcessor engine(String name) {
        enginesMadeAfter.add(sent.toString());
        whileTheEngineIsMade.run();
        return new RequestProcessor() {
            @Override
            public void processRequests(HttpHandler application) throws IOException {
                byte[] all = connection.transport().input().asInputStream().readAllBytes();
                told.add(name + " reads " + new String(all, StandardCharsets.ISO_8859_1));
            }

            @Override
            public void stopProcessingNextRequest() {
                told.add(name + " stops");
            }

            @Override
            public void abort(ConnectionAbortedException reason) {
                told.add(name + " aborts");
            }

            @Override
            public void onTimeout(TimeoutReason reason) {
                told.add(name + " " + reason);
            }

            @Override
            public void tick(long time) {
                told.add(name + " ticks");
            }
        };
    }
}
