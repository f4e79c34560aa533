package dev.kestrel.cli;

/** What a user can mend: shown as one line, without a stack trace. */
final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message says what is wrong and what to do, in one line
     */
    CommandFailure(String message) {
        super(message);
    }
}
