package dev.kestrel.http;

import java.io.IOException;

/**
 * The request is not acceptable. The engines throw it for what the client sent, with a reason that
 * maps to one status; an application may throw it to answer with a status of its own. It carries no
 * stack trace: clients cause it at will.
 */
public class BadHttpRequestException extends IOException {

    private static final long serialVersionUID = 1L;

    /** From 400 to 599. */
    private final int status;

    /**
     * Makes one.
     *
     * @param status what the client is answered, from 400 to 599
     * @param message what was wrong, for the log; the client does not see it
     */
    public BadHttpRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /**
     * What the client is answered.
     *
     * @return a status from 400 to 599
     */
    public int status() {
        return status;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
