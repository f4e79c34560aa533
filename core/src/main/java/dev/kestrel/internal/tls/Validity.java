package dev.kestrel.internal.tls;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What there is to say about the dates of a chain at one moment.
 *
 * @param state the worst that holds for one of the certificates
 * @param certificate which one
 */
record Validity(State state, X509Certificate certificate) {

    /** From good to bad. */
    enum State {
        FINE,
        ENDS_SOON,
        NOT_YET,
        ENDED
    }

    private static final Duration SOON = Duration.ofDays(7);

    static Validity of(List<X509Certificate> chain, Instant now) {
        Validity worst = new Validity(State.FINE, chain.getFirst());
        for (X509Certificate each : chain) {
            State state = state(each, now);
            if (state.compareTo(worst.state) > 0) {
                worst = new Validity(state, each);
            }
        }
        return worst;
    }

    private static State state(X509Certificate certificate, Instant now) {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            return State.ENDED;
        }
        if (now.isBefore(begin)) {
            return State.NOT_YET;
        }
        // Some certificates live for days only, and are renewed in the last third of them.
        // Duration.dividedBy has BigDecimal loaded, whose tables of powers make a start longer.
        Duration third = Duration.ofSeconds(Duration.between(begin, end).toSeconds() / 3);
        Duration notice = third.compareTo(SOON) < 0 ? third : SOON;
        return Duration.between(now, end).compareTo(notice) < 0 ? State.ENDS_SOON : State.FINE;
    }

    /**
     * A sentence, or {@code null} when all is fine.
     *
     * @param name what begins a sentence about the certificate
     */
    @Nullable String warning(String name, List<X509Certificate> chain) {
        String subject =
                certificate.equals(chain.getFirst())
                        ? name + " (" + DisplayNames.of(certificate) + ")"
                        : name
                                + ": the issuer's certificate in its chain ("
                                + DisplayNames.subject(certificate)
                                + ")";
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        return switch (state) {
            case FINE -> null;
            case ENDS_SOON -> subject + " ends on " + end + ": renew it.";
            case NOT_YET ->
                    subject
                            + " is not valid before "
                            + begin
                            + ", and clients refuse it until then: check the clock of this machine.";
            case ENDED -> subject + " ended on " + end + ", and clients refuse it: renew it.";
        };
    }
}
