package dev.kestrel.internal.protocol;

import dev.kestrel.connections.BaseConnectionContext;
import dev.kestrel.connections.ConnectionAbortedException;
import dev.kestrel.connections.FeatureCollection;
import dev.kestrel.connections.Signal;
import dev.kestrel.http.BadHttpRequestException;
import dev.kestrel.http.FieldSyntax;
import dev.kestrel.http.HttpConnectionInfo;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpMaxRequestBodySizeFeature;
import dev.kestrel.http.HttpResponse;
import dev.kestrel.http.MinDataRate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * One request and its response, from the parsed head to the end: runs the application, turns its
 * failures into answers, and is ready for the next request after {@link #beginRequest}. Engines
 * subclass it; HTTP/1.1 has one for each connection, later versions one for each stream. The
 * original's type of the same name.
 *
 * <p>All methods belong to the request's thread, except {@link #abort()} and those of the {@link
 * Signal}s.
 */
public abstract class HttpProtocol
        implements HttpContext,
                HttpConnectionInfo,
                HttpMaxRequestBodySizeFeature,
                MinDataRate.RequestBodyFeature,
                MinDataRate.ResponseFeature {

    private static final Logger LOG = System.getLogger(HttpProtocol.class.getName());

    private final HttpServices services;
    private final BaseConnectionContext connection;
    private final ProtocolRequest request;
    private final ProtocolResponse response;
    private final MessageBody body;
    private final FeatureCollection protocolFeatures;
    private final FeatureCollection features;
    private final CallbackStack completed = new CallbackStack();

    private @Nullable Map<Object, Object> items;
    private @Nullable Signal aborted;
    private long requestNumber;
    private long maxRequestBodySize;
    private @Nullable MinDataRate minRequestBodyDataRate;
    private @Nullable MinDataRate minResponseDataRate;

    /** For engines: one object serves one request after another. */
    protected HttpProtocol(
            BaseConnectionContext connection, HttpServices services, HttpOutputProducer output) {
        this.services = services;
        this.connection = connection;
        body = new MessageBody(services.memoryPool(), this::bodyStarting);
        request = new ProtocolRequest(body);
        response = new ProtocolResponse(this, output, services);
        protocolFeatures = new FeatureCollection(connection.features());
        features = new FeatureCollection(protocolFeatures);
        protocolFeatures.set(HttpMaxRequestBodySizeFeature.class, this);
        protocolFeatures.set(MinDataRate.RequestBodyFeature.class, this);
        protocolFeatures.set(MinDataRate.ResponseFeature.class, this);
    }

    /** Called before the first byte of a body is read: checks the limit, sends 100 Continue. */
    protected abstract void bodyStarting() throws IOException;

    /** The application has changed how fast the response must be taken. */
    protected abstract void responseRateChanged(@Nullable MinDataRate rate);

    /** Whether this client can be sent trailers. */
    protected abstract boolean supportsTrailers();

    /** Ends the request, and whatever it can not be told apart from, at once. From any thread. */
    protected abstract void abortRequest(ConnectionAbortedException reason);

    /** Makes {@code signal} fire when the client goes away while the application runs. */
    protected abstract void watchForAbort(Signal signal);

    /** Features that every request of this engine has. */
    protected final FeatureCollection protocolFeatures() {
        return protocolFeatures;
    }

    /** What all connections share. */
    protected final HttpServices services() {
        return services;
    }

    /** The connection that the request came on. */
    protected final BaseConnectionContext connectionContext() {
        return connection;
    }

    /**
     * Gets ready for the next request. Nothing of the last one is left.
     *
     * @param number what tells it from the others on its connection, for logs: a count, or a
     *     stream's identifier
     */
    protected final void beginRequest(long number) {
        requestNumber = number;
        request.recycle();
        response.recycle();
        features.clear();
        completed.clear();
        if (items != null) {
            items.clear();
        }
        aborted = null;
        maxRequestBodySize = services.options().limits().maxRequestBodySize();
        minRequestBodyDataRate = services.options().limits().minRequestBodyDataRate();
        minResponseDataRate = services.options().limits().minResponseDataRate();
    }

    /** Sets the body, once the head has said what there is. */
    protected final void beginBody(@Nullable BodySource source, long length) {
        body.begin(source, length);
    }

    /**
     * Runs the application and completes the response.
     *
     * @return whether the response is whole; when it is not, the request was aborted
     */
    protected final boolean runApplication(HttpHandler application) {
        services.counters().requests.increment();
        boolean whole = false;
        try {
            application.handle(this);
            response.complete();
            whole = true;
        } catch (BadHttpRequestException e) {
            whole = answerRejection(e);
        } catch (ResponseFieldsTooLargeException e) {
            LOG.log(Level.DEBUG, () -> traceIdentifier() + ": " + e.getMessage());
            whole = answerError(500, e);
        } catch (Throwable e) {
            if (Disconnect.isCauseOf(e)) {
                LOG.log(
                        Level.DEBUG,
                        () ->
                                traceIdentifier()
                                        + ": the connection ended during the request: "
                                        + e);
                abortRequest(
                        new ConnectionAbortedException("The request failed: " + e.getMessage(), e));
            } else {
                whole = answerFailure(e);
            }
        } finally {
            response.release();
        }
        return whole;
    }

    /** Ends the request, whatever its end, after its body was dealt with. */
    protected final void endRequest() {
        for (HttpResponse.Callback callback = completed.pop();
                callback != null;
                callback = completed.pop()) {
            try {
                callback.run();
            } catch (
                    Throwable
                            e) { // Whatever it is, the other callbacks have their turn and the body
                // ends.
                LOG.log(Level.ERROR, traceIdentifier() + ": a callback of onCompleted failed", e);
            }
        }
        bodyEnding();
        body.end();
    }

    /** Nobody may read the body from now on: its memory is about to be given back. */
    protected void bodyEnding() {}

    /** Says that the engine has written the response itself: an upgrade, a tunnel. */
    protected final void takeOverResponse() {
        response.takenOver();
    }

    private boolean answerRejection(BadHttpRequestException e) {
        services.counters().badRequests.increment();
        LOG.log(
                Level.DEBUG,
                () -> traceIdentifier() + ": bad request (" + e.status() + "): " + e.getMessage());
        return answerError(e.status(), e);
    }

    /** The application has failed, and says so itself or by what it threw. */
    final boolean answerFailure(Throwable e) {
        services.counters().applicationErrors.increment();
        LOG.log(
                Level.ERROR,
                traceIdentifier()
                        + ": the application failed at "
                        + request.method()
                        + ' '
                        + FieldSyntax.printable(request.path()),
                e);
        return answerError(500, e);
    }

    private boolean answerError(int status, Throwable cause) {
        if (response.hasStarted()) {
            if (!response.isCompleted()) {
                abortRequest(
                        new ConnectionAbortedException(
                                "The application failed after the response started", cause));
                return false;
            }
            return true;
        }
        try {
            response.becomeError(status);
            response.complete();
            return true;
        } catch (IOException | RuntimeException e) {
            abortRequest(
                    new ConnectionAbortedException("The error response could not be written", e));
            return false;
        }
    }

    final void onCompleted(HttpResponse.Callback callback) {
        completed.push(callback);
    }

    @Override
    public final ProtocolRequest request() {
        return request;
    }

    @Override
    public final ProtocolResponse response() {
        return response;
    }

    @Override
    public final HttpConnectionInfo connection() {
        return this;
    }

    @Override
    public final FeatureCollection features() {
        return features;
    }

    @Override
    public final Map<Object, Object> items() {
        if (items == null) {
            items = new HashMap<>();
        }
        return items;
    }

    /** What tells the request from the others on its connection. */
    protected final long requestNumber() {
        return requestNumber;
    }

    @Override
    public final String traceIdentifier() {
        return connection.connectionId() + ":" + String.format("%08X", requestNumber);
    }

    @Override
    public final Signal aborted() {
        Signal signal = aborted;
        if (signal == null) {
            signal = new Signal();
            aborted = signal;
            watchForAbort(signal);
        }
        return signal;
    }

    @Override
    public final void abort() {
        abortRequest(new ConnectionAbortedException("The application aborted the request"));
    }

    @Override
    public final String id() {
        return connection.connectionId();
    }

    @Override
    public final @Nullable SocketAddress localAddress() {
        return connection.localAddress();
    }

    @Override
    public final @Nullable SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public final boolean isReadOnly() {
        return body.hasStarted();
    }

    @Override
    public final long maxRequestBodySize() {
        return maxRequestBodySize;
    }

    @Override
    public final void maxRequestBodySize(long bytes) {
        if (isReadOnly()) {
            throw new IllegalStateException(
                    "The body is being read already: its limit can no longer change");
        }
        if (bytes < -1) {
            throw new IllegalArgumentException(
                    "maxRequestBodySize is zero or more, or -1 for no limit, not " + bytes);
        }
        maxRequestBodySize = bytes;
    }

    @Override
    public final @Nullable MinDataRate minRequestBodyDataRate() {
        return minRequestBodyDataRate;
    }

    @Override
    public final void minRequestBodyDataRate(@Nullable MinDataRate rate) {
        minRequestBodyDataRate = rate;
    }

    @Override
    public final @Nullable MinDataRate minResponseDataRate() {
        return minResponseDataRate;
    }

    @Override
    public final void minResponseDataRate(@Nullable MinDataRate rate) {
        minResponseDataRate = rate;
        responseRateChanged(rate);
    }
}
