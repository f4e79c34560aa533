package dev.kestrel.benchmarks.lab;

/** What a server needs is not on this machine: nothing is wrong with the server. */
final class AbsentException extends UnavailableException {

    private static final long serialVersionUID = 1;

    AbsentException(String message) {
        super(message);
    }
}
