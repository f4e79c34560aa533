package dev.kestrel.internal.protocol;

import dev.kestrel.http.HttpHeaders;
import dev.kestrel.http.KnownHeader;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What HTTP/2 and HTTP/3 ask of the fields of responses, for all streams of a connection. Used by
 * the streams' threads.
 */
public final class ResponseFieldRules {

    private static final Logger LOG = System.getLogger(ResponseFieldRules.class.getName());

    private static final String SERVER = "Kestrel";

    /**
     * What a field counts for beside its octets (RFC 9113 section 6.5.2, RFC 9114 section 4.2.2).
     */
    private static final int FIELD_OVERHEAD = 32;

    private static final int STATUS_SIZE = ":status".length() + 3 + FIELD_OVERHEAD;

    /** RFC 9113 section 8.2.2, RFC 9114 section 4.2. */
    private static final KnownHeader[] CONNECTION_SPECIFIC = {
        KnownHeader.CONNECTION,
        KnownHeader.KEEP_ALIVE,
        KnownHeader.PROXY_CONNECTION,
        KnownHeader.TRANSFER_ENCODING,
        KnownHeader.UPGRADE
    };

    private final String connectionId;
    private final String version;
    private final DateHeaderValueManager date;
    private final boolean addServer;
    private @Nullable String alternativeService;
    private final ResponseHeaders nothing;
    private final HttpServices services;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * SETTINGS_MAX_HEADER_LIST_SIZE or SETTINGS_MAX_FIELD_SECTION_SIZE, which are only advice (RFC
     * 9113 section 10.5.1, RFC 9114 section 4.2.2).
     */
    private volatile long maxListSize = Long.MAX_VALUE;

    /**
     * Makes the rules of a connection.
     *
     * @param version the protocol, for the log
     */
    public ResponseFieldRules(String connectionId, String version, HttpServices services) {
        this.connectionId = connectionId;
        this.version = version;
        this.services = services;
        date = services.date();
        addServer = services.options().addServerHeader();
        nothing = newFields();
        nothing.sent();
    }

    /** Sets the {@code Alt-Svc} of all responses. Before the first stream begins. */
    public void alternativeService(@Nullable AlternativeServiceFeature feature) {
        alternativeService = feature == null ? null : feature.field();
    }

    /** Sets what the client takes. */
    public void maxListSize(long size) {
        maxListSize = size;
    }

    /**
     * Makes the fields of a response ready to be sent.
     *
     * @throws ResponseFieldsTooLargeException when they are more than the client takes
     */
    public void prepareHead(HttpHeaders fields) {
        removeConnectionSpecific(fields);
        if (!fields.contains(KnownHeader.DATE)) {
            fields.set(KnownHeader.DATE, date.value().text());
        }
        if (addServer && !fields.contains(KnownHeader.SERVER)) {
            fields.set(KnownHeader.SERVER, SERVER);
        }
        if (alternativeService != null && !fields.contains(KnownHeader.ALT_SVC)) {
            fields.set(KnownHeader.ALT_SVC, alternativeService);
        }
        checkSize(fields, STATUS_SIZE);
    }

    /** A copy of the fields of an interim response, for the application may change them again. */
    public HttpHeaders snapshot(@Nullable HttpHeaders fields) {
        if (fields == null || fields.size() == 0) {
            return nothing;
        }
        ResponseHeaders copy = copyOf(fields);
        removeConnectionSpecific(copy);
        checkSize(copy, STATUS_SIZE);
        return copy;
    }

    /**
     * Makes trailers ready to be sent.
     *
     * @return trailers, or {@code null} when there are none
     * @throws ResponseFieldsTooLargeException when they are more than the client takes
     */
    public @Nullable HttpHeaders prepareTrailers(@Nullable HttpHeaders trailers) {
        HttpHeaders fields = trailers;
        if (fields != null && hasConnectionSpecific(fields)) {
            fields = copyOf(fields);
            removeConnectionSpecific(fields);
        }
        if (fields == null || fields.size() == 0) {
            return null;
        }
        checkSize(fields, 0);
        return fields;
    }

    private ResponseHeaders newFields() {
        return new ResponseHeaders(services.options().responseHeaderEncodingSelector());
    }

    private ResponseHeaders copyOf(HttpHeaders fields) {
        ResponseHeaders copy = newFields();
        fields.forEach(copy::add);
        return copy;
    }

    private static boolean hasConnectionSpecific(HttpHeaders fields) {
        for (KnownHeader header : CONNECTION_SPECIFIC) {
            if (fields.contains(header)) {
                return true;
            }
        }
        return false;
    }

    private void removeConnectionSpecific(HttpHeaders fields) {
        for (KnownHeader header : CONNECTION_SPECIFIC) {
            if (fields.contains(header)) {
                fields.remove(header);
                if (!warned.getAndSet(true)) {
                    LOG.log(
                            Level.WARNING,
                            "{0}: {1} was removed from a response, as all fields that are of one"
                                    + " connection are: {2} does not allow them",
                            connectionId,
                            header.wireName(),
                            version);
                }
            }
        }
    }

    private void checkSize(HttpHeaders fields, long others) {
        long most = maxListSize;
        if (most == Long.MAX_VALUE) {
            return;
        }
        long total = others;
        for (int i = 0; i < fields.size(); i++) {
            total += fields.nameAt(i).length() + fields.valueAt(i).length() + FIELD_OVERHEAD;
        }
        if (total > most) {
            throw new ResponseFieldsTooLargeException(total, most);
        }
    }
}
