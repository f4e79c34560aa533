package dev.kestrel.internal.protocol;

import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.HttpResponse;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.pipelines.PipeWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The response of a {@link HttpProtocol}: collects status and fields, starts once, counts the body
 * against its length and hands bytes to the {@link HttpOutputProducer}. Where it stands is one of
 * {@link Stage}.
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
    private final BodyLength length = new BodyLength();

    private Stage stage = Stage.OPEN;
    private int status = 200;
    private @Nullable String reasonPhrase;
    private boolean trailersUsed;

    ProtocolResponse(HttpProtocol protocol, HttpOutputProducer output, HttpServices services) {
        this.protocol = protocol;
        this.output = output;
        this.headers = new ResponseHeaders(services.options().responseHeaderEncodingSelector());
        this.trailers = new ResponseHeaders(services.options().responseHeaderEncodingSelector());
        this.body = new ResponseBody(this, services);
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
        length.recycle();
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public HttpResponse status(int value) {
        if (value < 200 || value > 999) {
            throw new IllegalArgumentException(
                    "A response's status is a number from 200 to 999, not " + value);
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
            throw new IllegalArgumentException(
                    "'" + FieldSyntax.printable(phrase) + "' can not be a reason phrase");
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
        stage = Stage.STARTING;
        try {
            for (Callback callback = starting.pop(); callback != null; callback = starting.pop()) {
                callback.run();
            }
            length.start(status, protocol.request().method(), headers);
        } catch (IOException | RuntimeException e) {
            stage = Stage.OPEN;
            throw e;
        } catch (Exception e) {
            stage = Stage.OPEN;
            throw new IllegalStateException("A callback of onStarting failed", e);
        }
        stage = Stage.STARTED;
        try {
            output.writeHead(this, length.promised());
        } catch (IllegalStateException e) {
            // Refused before anything was written: there can still be another answer.
            stage = Stage.OPEN;
            throw e;
        }
        headers.sent();
    }

    /**
     * Marks the response as started and ended by something else than itself: an upgrade, a tunnel.
     */
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
        // Before the head is written, which would promise so many.
        Objects.checkFromIndexSize(offset, count, bytes.length);
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
        if (offset < 0 || count < 0 || offset > Long.MAX_VALUE - count) {
            throw new IndexOutOfBoundsException(
                    "A part of a file can not begin at " + offset + " with a length of " + count);
        }
        checkNotCompleted();
        try (FileBody content = new FileBody(file)) {
            if (!hasStarted() && headers.contentLength() < 0 && body.unflushedBytes() == 0) {
                setLengthWhenAllowed(count);
            }
            body.flushPending();
            if (!hasStarted()) {
                startNow();
            }
            if (length.hasBody()) {
                content.copyTo(this, offset, count);
            }
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
            length.checkBeforeStart(count, status, headers);
            startNow();
        }
        if (count > 0 && length.count(count, status, protocol.request().method())) {
            output.writeBody(bytes, offset, count);
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
            BodyLength.settle(
                    body.unflushedBytes(),
                    status,
                    protocol.request().method(),
                    headers,
                    trailersUsed);
        }
        body.flushPending();
        if (!hasStarted()) {
            startNow();
        }
        length.checkWhole();
        if (trailersUsed) {
            // Before, for the output may read them on another thread from then on.
            trailers.sent();
        }
        output.completeBody(trailersUsed ? trailers : null);
        stage = Stage.COMPLETED;
    }

    @Override
    public HttpHeaders trailers() {
        if (!supportsTrailers()) {
            throw new IllegalStateException(
                    "This client can not be sent trailers: see supportsTrailers()");
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
                    "An interim response's status is a number from 102 to 199, not "
                            + informational);
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
        length.recycle();
        body.discard();
    }

    /**
     * The application ended the body with an error: what is there of it must not be taken for the
     * whole.
     */
    void failed(Throwable error) {
        if (stage != Stage.COMPLETED) {
            protocol.answerFailure(error);
            stage = Stage.COMPLETED;
        }
    }

    /** Takes the body away from the application, with the memory that it still holds. */
    void release() {
        body.release();
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
