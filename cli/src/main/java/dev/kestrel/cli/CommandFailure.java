package dev.kestrel.cli;

import picocli.CommandLine;

/** What a user can mend: shown as one line, without a stack trace. */
final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * Makes one.
     *
     * @param message says what is wrong and what to do, in one line
     */
    CommandFailure(String message) {
        this(message, CommandLine.ExitCode.SOFTWARE);
    }

    private CommandFailure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /**
     * Makes one for options that are wrong by themselves or together.
     *
     * @param message names the option and says what to do, in one line
     */
    static CommandFailure usage(String message) {
        return new CommandFailure(message, CommandLine.ExitCode.USAGE);
    }

    /** What the process ends with. */
    int exitCode() {
        return exitCode;
    }
}
