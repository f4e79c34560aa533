package dev.kestrel.internal.tls;

import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.ConnectionReadAheadFeature;
import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.connections.Signal;
import dev.kestrel.connections.tls.TlsEngine;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.SinkPipeWriter;
import dev.kestrel.pipelines.SourcePipeReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

import javax.net.ssl.SSLEngine;

/**
 * The pipes of a connection inside TLS, over those of its transport (the original's type of the
 * same name). Reads and writes run on the threads that ask for them.
 */
final class SslDuplexPipe
        implements DuplexPipe, ConnectionReadAheadFeature, SourcePipeReader.EndListener {

    private static final ConnectionAbortedException CLOSED =
            new ConnectionAbortedException("The connection was closed on this side");

    private final TlsEngine owned;
    private final PipeWriter transportOutput;
    private final TlsSource source;
    private final TlsSink sink;
    private final TlsHandshake handshake;
    private final SourcePipeReader input;
    private final SinkPipeWriter output;
    private final Signal peerGone = new Signal();

    SslDuplexPipe(
            TlsEngine owned,
            DuplexPipe transport,
            MemoryPool pool,
            TlsBufferPool buffers,
            TlsSink.EndTimer endTimer) {
        this.owned = owned;
        transportOutput = transport.output();
        SSLEngine engine = owned.engine();
        TlsRecordReader records = new TlsRecordReader(transport.input(), buffers);
        source = new TlsSource(engine, transport.input(), records, buffers);
        sink = new TlsSink(engine, transportOutput, buffers, endTimer);
        handshake = new TlsHandshake(engine, records, sink, transportOutput, buffers);
        input =
                new SourcePipeReader(
                        pool,
                        source,
                        SourcePipeReader.DEFAULT_IDLE_SIZE,
                        SourcePipeReader.DEFAULT_READ_AHEAD_LIMIT,
                        this);
        // The sink makes pieces itself, of whole records.
        output = new SinkPipeWriter(pool, sink, Integer.MAX_VALUE);
    }

    /** Agrees with the client, before anything else. */
    void handshake() throws IOException {
        handshake.run();
    }

    SSLEngine engine() {
        return owned.engine();
    }

    @Override
    public PipeReader input() {
        return input;
    }

    @Override
    public PipeWriter output() {
        return output;
    }

    @Override
    public Signal peerGone() {
        return peerGone;
    }

    @Override
    public void start() {
        input.startReadAhead();
    }

    @Override
    public void stop() {
        input.stopReadAhead();
    }

    @Override
    public void inputEnded(@Nullable IOException error) {
        peerGone.fire(error);
    }

    /**
     * Tells the client that this is the end, or what was wrong, when nothing did so before. On the
     * connection's thread, when nobody reads or writes any more.
     */
    void end() throws IOException {
        // An error, so that nothing is sent that nobody flushed.
        output.complete(CLOSED);
        if (!owned.engine().isOutboundDone()) {
            sink.closeNotify();
        }
    }

    /** Gives everything back; the transport's pipes stay. */
    void release() {
        output.complete(CLOSED);
        input.complete();
        source.release();
        owned.close();
    }
}
