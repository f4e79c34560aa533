package dev.kestrel.internal.protocol;

import dev.kestrel.http.Cookies;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.HttpRequest;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.http.QueryParameters;
import dev.kestrel.pipelines.PipeReader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The request of a {@link HttpProtocol}: an engine fills the fields, the application reads them.
 */
public final class ProtocolRequest implements HttpRequest {

    private final RequestHeaders headers = new RequestHeaders();
    private final RequestHeaders trailers = new RequestHeaders();
    private final MessageBody body;

    private String method = "";
    private String protocol = "";
    private String scheme = "http";
    private String rawTarget = "";
    private String path = "";
    private String queryString = "";
    private String host = "";
    private Map<String, String> pathParameters = Map.of();
    private @Nullable QueryParameters query;
    private @Nullable Cookies cookies;

    ProtocolRequest(MessageBody body) {
        this.body = body;
    }

    /** Sets what the request line, or the pseudo-header fields, say. */
    public void setLine(String methodName, String version, String schemeName) {
        method = methodName;
        protocol = version;
        scheme = schemeName;
    }

    /** Sets the target in its three shapes. */
    public void setTarget(String raw, String decodedPath, String rawQuery) {
        rawTarget = raw;
        path = decodedPath;
        queryString = rawQuery;
    }

    /** Sets what the client named as host. */
    public void setHost(String authority) {
        host = authority;
    }

    void recycle() {
        headers.recycle();
        trailers.recycle();
        pathParameters = Map.of();
        query = null;
        cookies = null;
    }

    /** The fields, for the engine to fill. */
    public RequestHeaders mutableHeaders() {
        return headers;
    }

    /** The trailers, for the engine to fill. */
    public RequestHeaders mutableTrailers() {
        return trailers;
    }

    /** The body. */
    public MessageBody body() {
        return body;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public String rawTarget() {
        return rawTarget;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String queryString() {
        return queryString;
    }

    @Override
    public QueryParameters query() {
        if (query == null) {
            query = QueryParameters.parse(queryString);
        }
        return query;
    }

    @Override
    public HttpHeaders headers() {
        return headers;
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public Cookies cookies() {
        if (cookies == null) {
            cookies = Cookies.parse(headers.getAll(KnownHeader.COOKIE.wireName()));
        }
        return cookies;
    }

    @Override
    public boolean canHaveBody() {
        return body.canHaveBody();
    }

    @Override
    public PipeReader bodyReader() {
        return body.reader();
    }

    @Override
    public InputStream inputStream() {
        return body.stream();
    }

    @Override
    public byte[] bodyBytes() throws IOException {
        return body.readAll();
    }

    @Override
    public String bodyText() throws IOException {
        Charset charset = charset();
        return new String(body.readAll(), charset);
    }

    private Charset charset() throws IOException {
        String type = contentType();
        int at = type == null ? -1 : type.toLowerCase(java.util.Locale.ROOT).indexOf("charset=");
        if (type == null || at < 0) {
            return StandardCharsets.UTF_8;
        }
        String name = type.substring(at + "charset=".length());
        int end = name.indexOf(';');
        name = (end < 0 ? name : name.substring(0, end)).replace("\"", "").strip();
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw RequestRejectionReason.UNSUPPORTED_CHARSET.exception();
        }
    }

    @Override
    public HttpHeaders trailers() {
        if (!trailersAvailable()) {
            throw new IllegalStateException(
                    "The trailers come after the body, which was not read to its end yet");
        }
        return trailers;
    }

    @Override
    public boolean trailersAvailable() {
        return body.hasEnded();
    }

    @Override
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    @Override
    public void pathParameters(Map<String, String> parameters) {
        pathParameters = parameters;
    }
}
