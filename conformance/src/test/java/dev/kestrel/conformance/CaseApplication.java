package dev.kestrel.conformance;

import dev.kestrel.connections.DuplexPipe;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpUpgradeFeature;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The applications of {@code http1-cases.json}; remembers what each request looked like. */
final class CaseApplication implements HttpHandler {

    /** A request as the application saw it. */
    record Seen(
            String method,
            String rawTarget,
            String path,
            String query,
            Map<String, String> fields) {}

    private final String kind;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    CaseApplication(String kind) {
        this.kind = kind;
    }

    List<Seen> seen() {
        return seen;
    }

    @Override
    public void handle(HttpContext ctx) throws Exception {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ctx.request().headers().forEach(fields::put);
        seen.add(
                new Seen(
                        ctx.request().method(),
                        ctx.request().rawTarget(),
                        ctx.request().path(),
                        ctx.request().queryString(),
                        fields));
        switch (kind) {
            case "default" -> {}
            case "drain" -> ctx.request().bodyBytes();
            case "echo" -> {
                byte[] body = ctx.request().bodyBytes();
                ctx.response().outputStream().write(body);
                ctx.response().flush();
            }
            case "echo-with-length" -> {
                byte[] body = ctx.request().bodyBytes();
                ctx.response().contentLength(body.length);
                ctx.response().outputStream().write(body);
            }
            case "upgrade" -> {
                HttpUpgradeFeature upgrade =
                        Objects.requireNonNull(ctx.features().get(HttpUpgradeFeature.class));
                DuplexPipe raw = upgrade.upgrade();
                raw.output().complete();
            }
            default -> throw new IllegalArgumentException("Unknown application " + kind);
        }
    }
}
