package dev.kestrel.app;

import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHandler;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.HttpMiddleware;
import dev.kestrel.http.KnownHeader;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells browsers to reach this host only over HTTPS from now on: {@code Strict-Transport-Security}
 * (RFC 6797; the original's {@code HstsMiddleware}). Browsers keep to that for as long as they were
 * told, so begin with a short time. It is only said over HTTPS, because "an HSTS Host MUST NOT
 * include the STS header field in HTTP responses conveyed over non-secure transport" (section 7.2),
 * and never for {@code localhost}, where it would hold for all that a developer runs there.
 *
 * <p>Immutable.
 */
public final class Hsts implements HttpMiddleware {

    private static final Duration MONTH = Duration.ofDays(30);
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Duration maxAge;
    private final boolean includeSubDomains;
    private final boolean preload;
    private final Set<String> excluded;
    private final String value;

    private Hsts(
            Duration maxAge,
            boolean includeSubDomains,
            boolean preload,
            Collection<String> excludedHosts) {
        this.maxAge = maxAge;
        this.includeSubDomains = includeSubDomains;
        this.preload = preload;
        excluded = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        excluded.addAll(excludedHosts);
        value =
                "max-age="
                        + maxAge.toSeconds()
                        + (includeSubDomains ? "; includeSubDomains" : "")
                        + (preload ? "; preload" : "");
    }

    /**
     * For 30 days and for this host alone.
     *
     * @return the middleware
     */
    public static Hsts create() {
        return new Hsts(MONTH, false, false, LOCAL);
    }

    /**
     * The same for another time.
     *
     * @param time in seconds; zero makes browsers forget what they were told (RFC 6797 section
     *     6.1.1)
     * @return a copy
     * @throws IllegalArgumentException when it is negative
     */
    public Hsts maxAge(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("maxAge must be zero or more, not " + time);
        }
        return new Hsts(time, includeSubDomains, preload, excluded);
    }

    /**
     * The same for all names below the host's, too (RFC 6797 section 6.1.2). Default: for the host
     * alone.
     *
     * @param include whether they are meant
     * @return a copy
     */
    public Hsts includeSubDomains(boolean include) {
        return new Hsts(maxAge, include, preload, excluded);
    }

    /**
     * The same with the wish to be in the lists that browsers are shipped with. It is hard to get
     * out of them. Default: without.
     *
     * @param wish whether it is said
     * @return a copy
     */
    public Hsts preload(boolean wish) {
        return new Hsts(maxAge, includeSubDomains, wish, excluded);
    }

    /**
     * The same for other hosts that it is not said for. Default: {@code localhost}, {@code
     * 127.0.0.1} and {@code [::1]}.
     *
     * @param hosts host names as in {@code Host}, without a port; none to say it for all
     * @return a copy
     */
    public Hsts excludedHosts(Collection<String> hosts) {
        return new Hsts(maxAge, includeSubDomains, preload, hosts);
    }

    @Override
    public void invoke(HttpContext context, HttpHandler next) throws Exception {
        if (context.request().scheme().equals("https")
                && !excluded.contains(Authority.host(context.request().host()))) {
            // At the last moment, so that an answer that was begun anew has it, too; one that the
            // application has set stays: "only one such header field" (RFC 6797 section 7.1).
            context.response().onStarting(() -> say(context.response().headers()));
        }
        next.handle(context);
    }

    private void say(HttpHeaders headers) {
        if (!headers.contains(KnownHeader.STRICT_TRANSPORT_SECURITY)) {
            headers.set(KnownHeader.STRICT_TRANSPORT_SECURITY, value);
        }
    }
}
