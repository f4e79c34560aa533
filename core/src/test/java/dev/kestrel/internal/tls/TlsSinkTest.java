package dev.kestrel.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.Pipe;
import dev.kestrel.pipelines.PipeOptions;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.SinkPipeWriter;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** The end of what is sent. */
class TlsSinkTest {

    /**
     * Without TLS the end of the stream needs no room; close_notify does. No other clock runs when
     * an engine of HTTP has come to its end, so this wait has its own.
     */
    @Test
    void theEndHasATime() {
        List<String> steps = new ArrayList<>();
        Pipe transport = new Pipe(new MemoryPool(), new PipeOptions(1 << 20, 1 << 19));
        StubEngine engine =
                new StubEngine() {
                    @Override
                    public void closeOutbound() {
                        steps.add("close_notify");
                        outboundDone = true;
                    }
                };
        TlsSink sink =
                new TlsSink(
                        engine,
                        transport.writer(),
                        new TlsBufferPool(false, 1 << 30),
                        () -> {
                            steps.add("time begins");
                            return () -> steps.add("time ends");
                        });
        PipeWriter output = new SinkPipeWriter(new MemoryPool(), sink);
        output.complete();
        assertThat(steps).containsExactly("time begins", "close_notify", "time ends");
    }
}
