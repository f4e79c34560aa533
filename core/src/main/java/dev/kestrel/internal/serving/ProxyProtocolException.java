package dev.kestrel.internal.serving;

/** A PROXY header that is wrong. Without a stack trace: a peer can cause as many as it likes. */
final class ProxyProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    ProxyProtocolException(String message) {
        super(message, null, false, false);
    }
}
