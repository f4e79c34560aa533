package dev.kestrel.internal.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.internal.protocol.RejectedRequestException;
import dev.kestrel.internal.protocol.RequestRejectionReason;
import dev.kestrel.options.KestrelServerOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Random;

class Http1HeadReaderTest {

    private static final String HEAD =
            "POST /a%20b?c=d HTTP/1.1\r\nHost: example.org\r\nX-One:  1 \t\r\nx-one: 2\r\nCookie: a=b; c=d\r\n"
                    + "Content-Length: 12\r\nEmpty:\r\n\r\n";

    private final HeadReading reading = new HeadReading(KestrelServerOptions.builder().build());

    @Test
    void readsAHead() {
        String outcome = reading.whole(HEAD + "the body");

        assertThat(outcome)
                .isEqualTo(
                        """
                        POST /a%20b?c=d [/a b] [?c=d] http10=false
                        Host: example.org
                        X-One: 1
                        x-one: 2
                        Cookie: a=b; c=d
                        Content-Length: 12
                        Empty:\s
                        left 8
                        """);
    }

    /** Whatever a read brings, the outcome is the same: split at each byte, and byte by byte. */
    @Test
    void doesNotDependOnWhereReadsEnd() {
        String whole = reading.whole(HEAD);
        for (int at = 1; at < HEAD.length(); at++) {
            assertThat(
                            new HeadReading(KestrelServerOptions.builder().build())
                                    .inPieces(HEAD, at, HEAD.length()))
                    .as("split at %d", at)
                    .isEqualTo(whole);
        }
        assertThat(reading.inPieces(HEAD, 1, 1)).isEqualTo(whole);
    }

    /** The memory of the last head may save work, but never changes what a head means. */
    @Test
    void readsTheSameWithAndWithoutMemoryOfTheLastHead() {
        Random random = new Random(7);
        HeadReading remembering = new HeadReading(KestrelServerOptions.builder().build());
        HeadReading forgetful =
                new HeadReading(KestrelServerOptions.builder().disableStringReuse(true).build());
        String[] lines = {
            "Host: a\r\n",
            "Host: b\r\n",
            "Content-Length: 1\r\n",
            "Content-Length: 2\r\n",
            "X: 1\r\n",
            "X: 2\r\n",
            "Y:\r\n",
            "Connection: close\r\n",
            "Bad : x\r\n",
            " folded\r\n",
            "Transfer-Encoding: chunked\r\n"
        };
        String[] starts = {
            "GET / HTTP/1.1\r\n", "GET /a HTTP/1.1\r\n", "GET / HTTP/1.0\r\n", "get / HTTP/1.1\r\n"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder head = new StringBuilder(starts[random.nextInt(starts.length)]);
            for (int n = random.nextInt(5); n > 0; n--) {
                head.append(lines[random.nextInt(lines.length)]);
            }
            head.append("\r\n");
            assertThat(remembering.whole(head.toString()))
                    .as(head.toString())
                    .isEqualTo(forgetful.whole(head.toString()));
        }
    }

    /**
     * Seeded mutations of a good head: a rejection or a request, the same one whole and in pieces,
     * and nothing else.
     */
    @Test
    void survivesMutations() {
        Random random = new Random(42);
        for (int i = 0; i < 30_000; i++) {
            StringBuilder mutated = new StringBuilder(HEAD);
            for (int n = random.nextInt(4); n >= 0; n--) {
                int at = random.nextInt(mutated.length());
                switch (random.nextInt(3)) {
                    case 0 -> mutated.setCharAt(at, (char) random.nextInt(256));
                    case 1 -> mutated.deleteCharAt(at);
                    default -> mutated.insert(at, "\r\n\t :\0\u00ff".charAt(random.nextInt(7)));
                }
            }
            String text = mutated.toString();
            HeadReading fresh = new HeadReading(KestrelServerOptions.builder().build());
            String whole = fresh.whole(text);
            int piece = 1 + random.nextInt(9);
            assertThat(
                            new HeadReading(KestrelServerOptions.builder().build())
                                    .inPieces(text, piece, piece))
                    .as(text)
                    .isEqualTo(whole);
        }
    }

    /**
     * RFC 9112 section 3.2: a second Host is answered 400, also when it stands where the last
     * request had its only one.
     */
    @Test
    void seesASecondHostThatItRemembersFromTheLastHead() {
        reading.whole("GET / HTTP/1.1\r\nX: y\r\nHost: a\r\n\r\n");

        assertThat(reading.whole("GET / HTTP/1.1\r\nHost: b\r\nHost: a\r\n\r\n"))
                .isEqualTo("rejected " + RequestRejectionReason.MULTIPLE_HOST_HEADERS + "\n");
    }

    @ParameterizedTest
    @EnumSource(Limit.class)
    void holdsItsLimitsToTheByte(Limit limit) {
        KestrelServerOptions options =
                KestrelServerOptions.builder()
                        .limits(
                                dev.kestrel.options.KestrelServerLimits.builder()
                                        .maxRequestLineSize("GET / HTTP/1.1\r\n".length())
                                        .maxRequestHeadersTotalSize("Host: a\r\nX: y\r\n".length())
                                        .maxRequestHeaderCount(2)
                                        .build())
                        .build();
        assertThat(new HeadReading(options).whole("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n"))
                .contains("Host: a");
        assertThat(new HeadReading(options).whole(limit.head))
                .isEqualTo("rejected " + limit.reason + "\n");
        assertThat(new HeadReading(options).inPieces(limit.head, 1, 1))
                .isEqualTo("rejected " + limit.reason + "\n");
    }

    enum Limit {
        LINE("GET /a HTTP/1.1\r\n", RequestRejectionReason.REQUEST_LINE_TOO_LONG),
        UNENDED_LINE("GET /aaaaaaaaaaaaaaaaaaaa", RequestRejectionReason.REQUEST_LINE_TOO_LONG),
        FIELDS(
                "GET / HTTP/1.1\r\nHost: a\r\nX: yz\r\n\r\n",
                RequestRejectionReason.HEADERS_EXCEED_MAX_TOTAL_SIZE),
        UNENDED_FIELD(
                "GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaa",
                RequestRejectionReason.HEADERS_EXCEED_MAX_TOTAL_SIZE),
        COUNT(
                "GET / HTTP/1.1\r\na:b\r\nc:d\r\ne:f\r\n\r\n",
                RequestRejectionReason.TOO_MANY_HEADERS);

        private final String head;
        private final RequestRejectionReason reason;

        Limit(String head, RequestRejectionReason reason) {
            this.head = head;
            this.reason = reason;
        }
    }

    /** RFC 9113 section 3.4: the first line of an HTTP/2 client with prior knowledge. */
    @Test
    void knowsTheHttp2Preface() {
        assertThatThrownBy(() -> reading.parse("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
                .isInstanceOf(Http2PrefaceException.class);
    }

    /** A TLS client waits for an answer and may never send a line feed. */
    @Test
    void noticesTlsAtOnce() {
        assertThatThrownBy(() -> reading.parse("\u0016\u0003\u0001"))
                .isInstanceOfSatisfying(
                        RejectedRequestException.class,
                        e ->
                                assertThat(e.reason())
                                        .isEqualTo(RequestRejectionReason.TLS_OVER_HTTP));
    }
}
