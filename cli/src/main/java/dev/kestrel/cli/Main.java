package dev.kestrel.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;

/** Where the {@code kestrel} command begins. */
@Command(
        name = "kestrel",
        description = "A web server on virtual threads.",
        footer = "\nkestrel COMMAND --help lists the options of a command.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        subcommands = {
            ServeCommand.class,
            EchoCommand.class,
            DevCertCommand.class,
            AotTrainingCommand.class,
            VersionCommand.class
        })
public final class Main implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    Main() {}

    /**
     * Runs a command and ends the process.
     *
     * @param args the command and its options; {@code --help} lists them
     */
    public static void main(String[] args) {
        keepLogWhileStopping();
        int code = commandLine().execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /**
     * Keeps the log open while the process ends. By itself {@code java.util.logging} closes it as
     * soon as a signal comes, and requests that finish during the stop would not be logged. Here,
     * because it comes too late once a class that has a logger is loaded.
     */
    private static void keepLogWhileStopping() {
        String manager = "java.util.logging.manager";
        if (System.getProperty(manager) == null) {
            System.setProperty(manager, "dev.kestrel.cli.LastingLogManager");
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(wrongUsage())
                .setExecutionExceptionHandler(Main::failed)
                .setUsageHelpAutoWidth(true);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Which command? serve, echo, dev-cert or version");
    }

    private static IParameterExceptionHandler wrongUsage() {
        return (exception, args) -> {
            CommandLine command = exception.getCommandLine();
            PrintWriter err = command.getErr();
            err.println("kestrel: " + wrong(exception));
            err.println(
                    "Try '"
                            + command.getCommandSpec().qualifiedName()
                            + " --help' for its options.");
            err.flush();
            return CommandLine.ExitCode.USAGE;
        };
    }

    /** What is wrong, in the words of a user. */
    private static String wrong(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched) {
            // What follows may be the option's value, or right: the first is what is wrong.
            String first = unmatched.getUnmatched().getFirst();
            if (unmatched.isUnknownOption()) {
                return "there is no option " + first;
            }
            return exception.getCommandLine().getParent() == null
                    ? "there is no command " + first
                    : "'" + first + "' is one argument too many";
        }
        if (exception instanceof MutuallyExclusiveArgsException) {
            return oneLine(exception).replaceFirst("^Error: ", "");
        }
        return oneLine(exception).replaceFirst("is not an? (int|long)$", "is not a number");
    }

    private static int failed(
            Exception exception, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (!(exception instanceof CommandFailure failure)) {
            throw exception;
        }
        command.getErr().println("kestrel: " + oneLine(exception));
        command.getErr().flush();
        return failure.exitCode();
    }

    private static String oneLine(Exception exception) {
        return String.valueOf(exception.getMessage()).lines().findFirst().orElse("failed");
    }
}
