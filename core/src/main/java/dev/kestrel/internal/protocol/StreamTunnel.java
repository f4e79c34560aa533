package dev.kestrel.internal.protocol;

import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.http.HttpConnectFeature;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.HttpResponse;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.http.MinDataRate;
import dev.kestrel.pipelines.ByteSink;
import dev.kestrel.pipelines.ByteSource;
import dev.kestrel.pipelines.MemoryPool;
import dev.kestrel.pipelines.PipeReader;
import dev.kestrel.pipelines.PipeWriter;
import dev.kestrel.pipelines.SinkPipeWriter;
import dev.kestrel.pipelines.SourcePipeReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * CONNECT on a stream (RFC 9113 section 8.5, RFC 9114 section 4.4), and its extension by which
 * WebSockets come (RFC 8441, RFC 9220): DATA in both directions are the tunnel's bytes. The
 * stream's thread uses it; the two pipes may be used by a thread each while the application runs.
 */
public final class StreamTunnel implements HttpConnectFeature {

    /** The way in: a body that goes on for as long as the tunnel does. */
    public interface Body extends BodySource {

        /** The bytes are those of a tunnel from now on: any number, at any speed. */
        void becomeTunnel();

        /** Wakes a read that waits, which says like all that follow that the body ended. */
        void cancelRead();

        /** Nobody reads any more; waits until another thread that reads has noticed. */
        void discard();
    }

    /** The way out. */
    public interface Output extends HttpOutputProducer {

        /** Sets how fast the client must take what follows; {@code null} for any speed. */
        void rate(@Nullable MinDataRate value);

        /** Opens a tunnel, with fields that can still be changed, and sends that at once. */
        void tunnelHead(int status, HttpHeaders fields) throws IOException;
    }

    private final HttpContext stream;
    private final Output producer;
    private final Body body;
    private final MemoryPool pool;
    private final Runnable takenOver;

    /** Set, and asked for, before the application runs, which may be on another thread. */
    private boolean connect;

    private @Nullable String protocol;
    private @Nullable PipeReader input;
    private @Nullable PipeWriter output;

    /**
     * Makes one that serves the streams of an object one after another.
     *
     * @param takenOver is told that the response is the tunnel's from now on
     */
    public StreamTunnel(
            HttpContext stream, Output producer, Body body, MemoryPool pool, Runnable takenOver) {
        this.stream = stream;
        this.producer = producer;
        this.body = body;
        this.pool = pool;
        this.takenOver = takenOver;
    }

    /**
     * Gets ready for a request.
     *
     * @param isConnect whether the method is CONNECT
     * @param name what {@code :protocol} says
     */
    public void begin(boolean isConnect, @Nullable String name) {
        connect = isConnect;
        protocol = name;
    }

    @Override
    public boolean isConnect() {
        return connect;
    }

    @Override
    public @Nullable String protocol() {
        return protocol;
    }

    @Override
    public DuplexPipe accept() throws IOException {
        HttpResponse response = stream.response();
        int status = response.status();
        if (!connect || !ResponseFraming.isTunnel(status, "CONNECT")) {
            throw new IllegalStateException(
                    "Only CONNECT with a status of 2xx is accepted, not "
                            + stream.request().method()
                            + " with "
                            + status);
        }
        if (response.hasStarted()) {
            throw new IllegalStateException("The response has already started");
        }
        // RFC 9110 section 9.3.6: neither has a meaning here.
        response.headers().remove(KnownHeader.CONTENT_LENGTH).remove(KnownHeader.TRANSFER_ENCODING);
        producer.rate(null);
        producer.tunnelHead(status, response.headers());
        takenOver.run();
        body.becomeTunnel();
        PipeReader in = new SourcePipeReader(pool, new Source());
        PipeWriter out = new SinkPipeWriter(pool, new Sink());
        input = in;
        output = out;
        return DuplexPipe.of(in, out);
    }

    /**
     * An application that, when it fails in a tunnel, resets the stream: END_STREAM would say that
     * all is well.
     */
    public HttpHandler watch(HttpHandler application) {
        return context -> {
            try {
                application.handle(context);
            } catch (Throwable e) {
                if (output != null) {
                    context.abort();
                }
                throw e;
            }
        };
    }

    /** The application has returned, in whatever way: ends what it left open. */
    public void end() {
        PipeReader in = input;
        PipeWriter out = output;
        if (in != null) {
            input = null;
            // Before the memory goes that another thread may be reading into.
            body.discard();
            in.complete();
        }
        if (out != null) {
            output = null;
            out.complete();
        }
    }

    private final class Source implements ByteSource {
        @Override
        public int read(ByteBuffer target) throws IOException {
            if (!stream.request().canHaveBody()) {
                // END_STREAM came with the head.
                return -1;
            }
            int n =
                    body.read(
                            target.array(),
                            target.arrayOffset() + target.position(),
                            target.remaining());
            if (n > 0) {
                target.position(target.position() + n);
            }
            return n;
        }

        @Override
        public int available() throws IOException {
            return body.available();
        }

        @Override
        public void cancel() {
            body.cancelRead();
        }
    }

    private final class Sink implements ByteSink {
        @Override
        public void write(ByteBuffer source) throws IOException {
            put(source);
            producer.flush();
        }

        @Override
        public void write(ByteBuffer[] sources, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                put(sources[i]);
            }
            producer.flush();
        }

        private void put(ByteBuffer source) throws IOException {
            if (!source.hasArray()) {
                byte[] copy = new byte[source.remaining()];
                source.get(copy);
                producer.writeBody(copy, 0, copy.length);
                return;
            }
            producer.writeBody(
                    source.array(), source.arrayOffset() + source.position(), source.remaining());
            source.position(source.limit());
        }

        @Override
        public void end() throws IOException {
            producer.completeBody(null);
        }
    }
}
