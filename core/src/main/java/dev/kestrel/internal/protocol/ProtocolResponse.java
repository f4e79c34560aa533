package dev.kestrel.internal.protocol;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.HttpResponse;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.pipelines.PipeWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The response of a {@link HttpProtocol}: collects status and fields, starts once, counts the body against its length and
 * hands bytes to the {@link HttpOutputProducer}. Where it stands is one of {@link Stage}.
 */
public final class ProtocolResponse implements HttpResponse {

    /** How far a response is. It only moves forward, until it is recycled. */
    private enum Stage {
        /** Status and fields can change. */
        OPEN,
        /** The {@code onStarting} callbacks run. */
        STARTING,
        /** The head is written. */
        STARTED,
        /** The end is written. */
        COMPLETED
    }

    private final HttpProtocol protocol;
    private final HttpOutputProducer output;
    private final ResponseBody body;
    private final ResponseHeaders headers;
    private final ResponseHeaders trailers;
    private final CallbackStack starting = new CallbackStack();

    private Stage stage = Stage.OPEN;
    private int status = 200;
    private @Nullable String reasonPhrase;
    private boolean trailersUsed;
    private boolean hasBody;
    private long length;
    private long written;

    ProtocolResponse(HttpProtocol protocol, HttpOutputProducer output, HttpServices services) {
        this.protocol = protocol;
        this.output = output;
        this.headers = new ResponseHeaders(services.options().responseHeaderEncodingSelector());
        this.trailers = new ResponseHeaders(services.options().responseHeaderEncodingSelector());
        this.body = new ResponseBody(this, services.memoryPool());
    }

    void recycle() {
        stage = Stage.OPEN;
        status = 200;
        reasonPhrase = null;
        headers.recycle();
        if (trailersUsed) {
            trailers.recycle();
            trailersUsed = false;
        }
        starting.clear();
        hasBody = true;
        length = -1;
        written = 0;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public HttpResponse status(int value) {
        if (value < 200 || value > 999) {
            throw new IllegalArgumentException("A response's status is a number from 200 to 999, not " + value);
        }
        checkOpen();
        status = value;
        return this;
    }

    @Override
    public @Nullable String reasonPhrase() {
        return reasonPhrase;
    }

    @Override
    public HttpResponse reasonPhrase(@Nullable String phrase) {
        if (phrase != null && FieldSyntax.indexOfInvalidValueCharacter(phrase) >= 0) {
            throw new IllegalArgumentException("'" + FieldSyntax.printable(phrase) + "' can not be a reason phrase");
        }
        checkOpen();
        reasonPhrase = phrase;
        return this;
    }

    @Override
    public HttpHeaders headers() {
        return headers;
    }

    @Override
    public boolean hasStarted() {
        return stage.compareTo(Stage.STARTED) >= 0;
    }

    /** What is answered. */
    public ProtocolRequest request() {
        return protocol.request();
    }

    /** Whether the end was written. */
    public boolean isCompleted() {
        return stage == Stage.COMPLETED;
    }

    @Override
    public void start() throws IOException {
        if (!hasStarted()) {
            startNow();
            output.flush();
        }
    }

    private void startNow() throws IOException {
        if (stage == Stage.STARTING) {
            throw new IllegalStateException("A callback of onStarting can not start the response");
        }
        String method = protocol.request().method();
        stage = Stage.STARTING;
        try {
            for (Callback callback = starting.pop(); callback != null; callback = starting.pop()) {
                callback.run();
            }
            ResponseFraming.checkLength(status, method, headers);
        } catch (IOException | RuntimeException e) {
            stage = Stage.OPEN;
            throw e;
        } catch (Exception e) {
            stage = Stage.OPEN;
            throw new IllegalStateException("A callback of onStarting failed", e);
        }
        hasBody = ResponseFraming.hasBody(status, method);
        length = headers.contentLength();
        stage = Stage.STARTED;
        output.writeHead(this, length);
        headers.sent();
    }

    /** Marks the response as started and ended by something else than itself: an upgrade, a tunnel. */
    void takenOver() {
        headers.sent();
        stage = Stage.COMPLETED;
    }

    @Override
    public void send(String text) throws IOException {
        if (!hasStarted() && !headers.contains(KnownHeader.CONTENT_TYPE)) {
            headers.appendDefaultContentType();
        }
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void send(byte[] bytes, int offset, int count) throws IOException {
        checkNotCompleted();
        if (!hasStarted() && headers.contentLength() < 0 && body.unflushedBytes() == 0) {
            setLengthWhenAllowed(count);
        }
        body.flushPending();
        write(bytes, offset, count);
        complete();
    }

    @Override
    public void sendFile(Path file, long offset, long count) throws IOException {
        checkNotCompleted();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (!hasStarted() && headers.contentLength() < 0 && body.unflushedBytes() == 0) {
                setLengthWhenAllowed(count);
            }
            body.flushPending();
            if (!hasStarted()) {
                startNow();
            }
            if (hasBody) {
                channel.position(offset);
                copy(Channels.newInputStream(channel), count, file);
            }
        }
    }

    private void copy(InputStream from, long count, Path file) throws IOException {
        byte[] piece = new byte[(int) Math.min(count, 64 * 1024)];
        long left = count;
        while (left > 0) {
            int n = from.read(piece, 0, (int) Math.min(left, piece.length));
            if (n < 0) {
                throw new IOException(file + " became shorter while it was sent: " + left + " bytes are missing");
            }
            write(piece, 0, n);
            left -= n;
        }
    }

    private void setLengthWhenAllowed(long count) {
        if (count > 0 || ResponseFraming.statusAllowsBody(status)) {
            headers.contentLength(count);
        }
    }

    @Override
    public PipeWriter bodyWriter() {
        return body.writer();
    }

    @Override
    public OutputStream outputStream() {
        return body.stream();
    }

    /** Takes bytes of the body, wherever they come from. */
    void write(byte[] bytes, int offset, int count) throws IOException {
        checkNotCompleted();
        if (!hasStarted()) {
            // Before the head is written, so that a mistake can still be answered with 500.
            checkFits(count, headers.contentLength());
            startNow();
        }
        if (count == 0) {
            return;
        }
        if (!hasBody) {
            if (protocol.request().method().equals("HEAD") && ResponseFraming.statusAllowsBody(status)) {
                written += count;
                return;
            }
            throw new IllegalStateException("A response with status " + status + " has no body to write");
        }
        checkFits(count, length);
        written += count;
        output.writeBody(bytes, offset, count);
    }

    private void checkFits(long count, long promised) {
        if (promised >= 0 && written + count > promised && ResponseFraming.statusAllowsBody(status)) {
            throw new IllegalStateException("The body has more bytes (" + (written + count)
                    + ") than Content-Length says (" + promised + ")");
        }
        if (count > 0 && !ResponseFraming.statusAllowsBody(status)) {
            throw new IllegalStateException("A response with status " + status + " has no body to write");
        }
    }

    /** Sends what was handed on, without what the application may still collect. */
    void flushOutput() throws IOException {
        if (!hasStarted()) {
            startNow();
        }
        output.flush();
    }

    @Override
    public void flush() throws IOException {
        checkNotCompleted();
        body.flushPending();
        if (!hasStarted()) {
            startNow();
        }
        output.flush();
    }

    @Override
    public void complete() throws IOException {
        if (stage == Stage.COMPLETED) {
            return;
        }
        if (!hasStarted()) {
            settleLength();
        }
        body.flushPending();
        if (!hasStarted()) {
            startNow();
        }
        if (hasBody && length >= 0 && written != length) {
            throw new IllegalStateException(
                    "The body has fewer bytes (" + written + ") than Content-Length says (" + length + ")");
        }
        output.completeBody(trailersUsed ? trailers : null);
        stage = Stage.COMPLETED;
    }

    /** All of the body is here and none of it was sent, so its length is known. */
    private void settleLength() {
        long all = body.unflushedBytes();
        long promised = headers.contentLength();
        String method = protocol.request().method();
        if (promised >= 0) {
            if (promised != all && ResponseFraming.hasBody(status, method)) {
                throw new IllegalStateException("The body has " + all + " bytes, but Content-Length says " + promised);
            }
        } else if (ResponseFraming.statusAllowsBody(status)
                && !ResponseFraming.isTunnel(status, method)
                && !headers.contains(KnownHeader.TRANSFER_ENCODING)
                && !trailersUsed
                // A response to HEAD says a length only when the application wrote a body.
                && (all > 0 || !method.equals("HEAD"))) {
            headers.contentLength(all);
        }
    }

    @Override
    public HttpHeaders trailers() {
        if (!supportsTrailers()) {
            throw new IllegalStateException("This client can not be sent trailers: see supportsTrailers()");
        }
        trailersUsed = true;
        return trailers;
    }

    @Override
    public boolean supportsTrailers() {
        return protocol.supportsTrailers();
    }

    @Override
    public HttpResponse declareTrailer(String name) {
        if (supportsTrailers()) {
            headers.add(KnownHeader.TRAILER, name);
            trailersUsed = true;
        }
        return this;
    }

    /** Whether trailers were announced or set. */
    public boolean usesTrailers() {
        return trailersUsed;
    }

    @Override
    public void sendInformational(int informational, HttpHeaders fields) throws IOException {
        if (informational < 102 || informational > 199) {
            throw new IllegalArgumentException(
                    "An interim response's status is a number from 102 to 199, not " + informational);
        }
        checkOpen();
        if (!protocol.request().protocol().equals("HTTP/1.0")) {
            output.writeInformational(informational, fields);
        }
    }

    @Override
    public void onStarting(Callback callback) {
        if (hasStarted()) {
            throw new IllegalStateException("The response has already started");
        }
        starting.push(callback);
    }

    @Override
    public void onCompleted(Callback callback) {
        protocol.onCompleted(callback);
    }

    @Override
    public void clear() {
        checkOpen();
        status = 200;
        reasonPhrase = null;
        headers.clear();
        body.discard();
    }

    /** Puts an error in place of what the application had prepared. */
    void becomeError(int errorStatus) {
        stage = Stage.OPEN;
        starting.clear();
        headers.recycle();
        if (trailersUsed) {
            trailers.recycle();
            trailersUsed = false;
        }
        reasonPhrase = null;
        status = errorStatus;
        written = 0;
        body.discard();
    }

    /** Gives back memory that the body still holds. */
    void release() {
        body.discard();
    }

    private void checkOpen() {
        if (hasStarted()) {
            throw new IllegalStateException("The response has already started");
        }
    }

    /** Nothing can be added to a response that has ended. */
    void checkNotCompleted() {
        if (stage == Stage.COMPLETED) {
            throw new IllegalStateException("The response is already complete");
        }
    }
}
