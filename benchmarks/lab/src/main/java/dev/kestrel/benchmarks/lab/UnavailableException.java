package dev.kestrel.benchmarks.lab;

import java.io.IOException;

/** A server or a tool is not there or does not work; its message becomes a line of the results. */
class UnavailableException extends IOException {

    private static final long serialVersionUID = 1;

    UnavailableException(String message) {
        super(message);
    }
}
