package dev.kestrel.app.files;

import dev.kestrel.http.ByteRange;
import dev.kestrel.http.EntityTag;
import dev.kestrel.http.HttpContext;
import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.HttpRequest;
import dev.kestrel.http.HttpResponse;
import dev.kestrel.http.KnownHeader;
import dev.kestrel.http.Validators;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Answers with a file: conditions first, then ranges, then its bytes (RFC 9110 section 13.2.2). */
final class FileResponse {

    private final StaticFileOptions options;
    private final InstantSource clock;

    FileResponse(StaticFileOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    void send(HttpContext context, Located.File file) throws IOException {
        HttpRequest request = context.request();
        HttpResponse response = context.response();
        Validators validators = validators(file.attributes());
        HttpHeaders fields = response.headers();
        validators.writeTo(fields);
        switch (validators.evaluate(request)) {
            case NOT_MODIFIED -> {
                writeCacheControl(fields);
                response.status(304);
            }
            case PRECONDITION_FAILED -> response.status(412);
            case PROCEED ->
                    sendRanges(
                            request,
                            response,
                            file,
                            ranges(request, validators, file.attributes().size()));
        }
    }

    /**
     * The tag is strong: it changes whenever size or modification time do, and file systems keep
     * that time in fractions of a second. A time ahead of the clock is not told: "MUST replace that
     * value with the message origination date" (RFC 9110 section 8.8.2.1).
     */
    private Validators validators(BasicFileAttributes attributes) {
        Instant modified = attributes.lastModifiedTime().toInstant();
        EntityTag tag =
                EntityTag.strong(
                        Long.toHexString(modified.getEpochSecond())
                                + '.'
                                + Integer.toHexString(modified.getNano())
                                + '-'
                                + Long.toHexString(attributes.size()));
        Instant now = clock.instant();
        return new Validators(tag, modified.isAfter(now) ? now : modified);
    }

    /** The ranges to send; null for the whole file, none when there is no byte of them. */
    private @Nullable List<ByteRange> ranges(
            HttpRequest request, Validators validators, long size) {
        // "A server MUST ignore a Range header field received with a request method that is
        // unrecognized or for which
        // range handling is not defined. For this specification, GET is the only method" (RFC 9110
        // section 14.2).
        String range =
                request.method().equals("GET") ? request.headers().get(KnownHeader.RANGE) : null;
        if (range == null || options.maxRanges() == 0 || !validators.rangeApplies(request)) {
            return null;
        }
        return ByteRange.parse(range, size, options.maxRanges());
    }

    private void sendRanges(
            HttpRequest request,
            HttpResponse response,
            Located.File file,
            @Nullable List<ByteRange> ranges)
            throws IOException {
        HttpHeaders fields = response.headers();
        long size = file.attributes().size();
        fields.set("X-Content-Type-Options", "nosniff");
        if (options.maxRanges() > 0) {
            fields.set(KnownHeader.ACCEPT_RANGES, "bytes");
        }
        if (ranges != null && ranges.isEmpty()) {
            fields.set(KnownHeader.CONTENT_RANGE, "bytes */" + size);
            response.status(416).send("416 Range Not Satisfiable\n");
            return;
        }
        writeCacheControl(fields);
        String type = options.contentType(file.name());
        if (ranges != null && ranges.size() > 1) {
            guarded(
                    response,
                    () -> new MultipartRanges(type, size, ranges).send(response, file.path()));
            return;
        }
        response.contentType(type);
        if (ranges == null) {
            response.contentLength(size);
            if (!request.method().equals("HEAD") && size > 0) {
                guarded(response, () -> response.sendFile(file.path(), 0, size));
            }
            return;
        }
        ByteRange range = ranges.getFirst();
        fields.set(KnownHeader.CONTENT_RANGE, range.contentRange(size));
        response.status(206).contentLength(range.length());
        guarded(response, () -> response.sendFile(file.path(), range.first(), range.length()));
    }

    private void writeCacheControl(HttpHeaders fields) {
        String value = options.cacheControl();
        if (value != null) {
            fields.set(KnownHeader.CACHE_CONTROL, value);
        }
    }

    /** Between the look at a file and its opening it may go away; nothing was sent then. */
    private static void guarded(HttpResponse response, Sending sending) throws IOException {
        try {
            sending.run();
        } catch (NoSuchFileException | AccessDeniedException e) {
            answerLost(response, e);
        }
    }

    private static void answerLost(HttpResponse response, FileSystemException e)
            throws IOException {
        if (response.hasStarted()) {
            throw e;
        }
        response.clear();
        if (e instanceof NoSuchFileException) {
            response.status(404).send("404 Not Found\n");
        } else {
            response.status(403).send("403 Forbidden\n");
        }
    }

    @FunctionalInterface
    private interface Sending {
        void run() throws IOException;
    }
}
