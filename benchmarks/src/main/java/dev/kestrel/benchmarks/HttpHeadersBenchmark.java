package dev.kestrel.benchmarks;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.internal.protocol.RequestHeaders;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Header fields: filling a collection, and finding something in one of twenty. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HttpHeadersBenchmark {

    private static final List<KnownHeader> KNOWN =
            List.of(
                    KnownHeader.HOST,
                    KnownHeader.CONNECTION,
                    KnownHeader.ACCEPT,
                    KnownHeader.ACCEPT_ENCODING,
                    KnownHeader.ACCEPT_LANGUAGE,
                    KnownHeader.USER_AGENT,
                    KnownHeader.REFERER,
                    KnownHeader.AUTHORIZATION,
                    KnownHeader.CACHE_CONTROL,
                    KnownHeader.PRAGMA,
                    KnownHeader.TE,
                    KnownHeader.IF_NONE_MATCH,
                    KnownHeader.IF_MODIFIED_SINCE,
                    KnownHeader.VIA,
                    KnownHeader.X_FORWARDED_FOR,
                    KnownHeader.COOKIE);

    private final HttpHeaders twenty = new HttpHeaders();
    private final RequestHeaders reused = new RequestHeaders();
    private final HttpHeaders response = new HttpHeaders();

    public HttpHeadersBenchmark() {
        KNOWN.forEach(header -> twenty.set(header, "value"));
        List.of("X-Request-Id", "X-Zone", "X-Real-Ip", "X-Trace")
                .forEach(name -> twenty.set(name, "value"));
    }

    /** By its constant, the last of the known ones. */
    @Benchmark
    public @Nullable String getKnown() {
        return twenty.get(KnownHeader.COOKIE);
    }

    /** By its name in lower case, the last of the known ones. */
    @Benchmark
    public @Nullable String getKnownByName() {
        return twenty.get("cookie");
    }

    /** By its name, the last of all. */
    @Benchmark
    public @Nullable String getUnknown() {
        return twenty.get("x-trace");
    }

    /** One that is not there, by its constant. */
    @Benchmark
    public @Nullable String getAbsent() {
        return twenty.get(KnownHeader.ORIGIN);
    }

    /** What a small answer sets: type and length, both checked. */
    @Benchmark
    public HttpHeaders setTypeAndLength() {
        response.clear();
        response.set(KnownHeader.CONTENT_TYPE, "text/plain");
        response.contentLength(13);
        return response;
    }

    /** What an application sets that names its fields by text. */
    @Benchmark
    public HttpHeaders setFourByName() {
        response.clear();
        response.set("Content-Type", "text/html; charset=utf-8");
        response.set("Cache-Control", "private, max-age=0");
        response.set("ETag", "\"5f3c-19b2d4a7c80\"");
        response.set("X-Request-Id", "3f9d2c81a4b7e650");
        return response;
    }

    /** What a parser does: twenty fields into a collection that is used again. */
    @Benchmark
    public HttpHeaders fillTwenty() {
        reused.recycle();
        for (int i = 0; i < twenty.size(); i++) {
            reused.append(twenty.knownAt(i), twenty.nameAt(i), twenty.valueAt(i));
        }
        return reused;
    }

    /** Running over twenty fields. */
    @Benchmark
    public void forEachOfTwenty(Blackhole hole) {
        twenty.forEach(
                (name, value) -> {
                    hole.consume(name);
                    hole.consume(value);
                });
    }
}
