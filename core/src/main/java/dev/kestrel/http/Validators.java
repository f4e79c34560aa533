package dev.kestrel.http;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What names the present state of a resource, and whether the conditions of a request hold for it
 * (RFC 9110 section 13).
 *
 * @param entityTag the tag that goes into {@code ETag}, or {@code null}
 * @param lastModified what goes into {@code Last-Modified}, cut to its second; or {@code null}
 */
public record Validators(@Nullable EntityTag entityTag, @Nullable Instant lastModified) {

    /** What the conditions of a request come to. */
    public enum Outcome {
        /** They hold, or there are none: do what the request asks. */
        PROCEED,
        /** Answer 304: the client has this state already. */
        NOT_MODIFIED,
        /** Answer 412: the client meant another state. */
        PRECONDITION_FAILED
    }

    /** Validators of a resource that does not exist at the moment. */
    public static final Validators NONE = new Validators(null, null);

    /** Cuts the time to what a header field can say. */
    public Validators {
        lastModified = lastModified == null ? null : lastModified.truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Sets {@code ETag} and {@code Last-Modified}.
     *
     * @param fields the response's fields
     */
    public void writeTo(HttpHeaders fields) {
        if (entityTag != null) {
            fields.set(KnownHeader.ETAG, entityTag.toString());
        }
        if (lastModified != null) {
            fields.set(KnownHeader.LAST_MODIFIED, HttpDate.format(lastModified));
        }
    }

    /**
     * Evaluates {@code If-Match}, {@code If-Unmodified-Since}, {@code If-None-Match} and {@code
     * If-Modified-Since}, in the order of RFC 9110 section 13.2.2. A resource that has neither a
     * tag nor a date counts as not existing.
     *
     * @param request the request, before anything was done for it
     * @return what to do
     */
    public Outcome evaluate(HttpRequest request) {
        return evaluate(request.method(), request.headers());
    }

    Outcome evaluate(String method, HttpHeaders fields) {
        if (fields.contains(KnownHeader.IF_MATCH)) {
            if (!ifMatch(fields.getAll(KnownHeader.IF_MATCH.wireName()))) {
                return Outcome.PRECONDITION_FAILED;
            }
        } else {
            Instant unmodifiedSince = date(fields, KnownHeader.IF_UNMODIFIED_SINCE);
            if (unmodifiedSince != null && isModifiedAfter(unmodifiedSince)) {
                return Outcome.PRECONDITION_FAILED;
            }
        }
        boolean reading = method.equals("GET") || method.equals("HEAD");
        if (fields.contains(KnownHeader.IF_NONE_MATCH)) {
            if (ifNoneMatch(fields.getAll(KnownHeader.IF_NONE_MATCH.wireName()))) {
                return Outcome.PROCEED;
            }
            return reading ? Outcome.NOT_MODIFIED : Outcome.PRECONDITION_FAILED;
        }
        Instant modifiedSince = reading ? date(fields, KnownHeader.IF_MODIFIED_SINCE) : null;
        return modifiedSince == null || isModifiedAfter(modifiedSince)
                ? Outcome.PROCEED
                : Outcome.NOT_MODIFIED;
    }

    /**
     * Whether a {@code Range} field may be honoured: there is no {@code If-Range}, or it names this
     * very state (RFC 9110 section 13.1.5). A weak tag never does.
     *
     * @param request the request
     * @return false when the whole resource is to be sent
     */
    public boolean rangeApplies(HttpRequest request) {
        return rangeApplies(request.headers());
    }

    boolean rangeApplies(HttpHeaders fields) {
        String condition = fields.get(KnownHeader.IF_RANGE);
        if (condition == null) {
            return true;
        }
        EntityTag tag = EntityTag.parse(condition);
        if (tag != null) {
            return entityTag != null && entityTag.matchesStrongly(tag);
        }
        Instant date = HttpDate.parse(condition);
        return date != null && date.equals(lastModified);
    }

    private boolean exists() {
        return entityTag != null || lastModified != null;
    }

    /** "The origin server MUST use the strong comparison function" (RFC 9110 section 13.1.1). */
    private boolean ifMatch(List<String> fields) {
        if (isStar(fields)) {
            return exists();
        }
        EntityTag current = entityTag;
        return current != null
                && EntityTag.parseList(fields).stream().anyMatch(current::matchesStrongly);
    }

    /** "A recipient MUST use the weak comparison function" (RFC 9110 section 13.1.2). */
    private boolean ifNoneMatch(List<String> fields) {
        if (isStar(fields)) {
            return !exists();
        }
        EntityTag current = entityTag;
        return current == null
                || EntityTag.parseList(fields).stream().noneMatch(current::matchesWeakly);
    }

    private static boolean isStar(List<String> fields) {
        return fields.size() == 1 && fields.getFirst().strip().equals("*");
    }

    /**
     * The date that the resource is compared with; null when the field is to be ignored or the
     * resource has no date.
     */
    private @Nullable Instant date(HttpHeaders fields, KnownHeader header) {
        String value = fields.get(header);
        if (value == null || lastModified == null || fields.getAll(header.wireName()).size() > 1) {
            return null;
        }
        return HttpDate.parse(value);
    }

    private boolean isModifiedAfter(Instant date) {
        return lastModified != null && lastModified.isAfter(date);
    }
}
