package dev.kestrel.internal.tls;

/** Bytes are not the DER structure that they should be. Whoever knows the file says what to do. */
final class MalformedDerException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedDerException(String message) {
        super(message, null, false, false);
    }
}
