package dev.kestrel.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;

/** Where the {@code kestrel} command begins. */
@Command(
        name = "kestrel",
        description = "A web server on virtual threads.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        subcommands = {ServeCommand.class, EchoCommand.class, VersionCommand.class})
public final class Main implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    Main() {}

    /**
     * Runs a command and ends the process.
     *
     * @param args the command and its options; {@code --help} lists them
     */
    public static void main(String[] args) {
        int code = commandLine().execute(args);
        if (code != 0) {
            System.exit(code);
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
        throw new ParameterException(spec.commandLine(), "Which command? serve, echo or version");
    }

    private static IParameterExceptionHandler wrongUsage() {
        return (exception, args) -> {
            CommandLine command = exception.getCommandLine();
            PrintWriter err = command.getErr();
            err.println("kestrel: " + oneLine(exception));
            err.println(
                    "Try '"
                            + command.getCommandSpec().qualifiedName()
                            + " --help' for its options.");
            err.flush();
            return CommandLine.ExitCode.USAGE;
        };
    }

    private static int failed(
            Exception exception, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (!(exception instanceof CommandFailure)) {
            throw exception;
        }
        command.getErr().println("kestrel: " + oneLine(exception));
        command.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String oneLine(Exception exception) {
        return String.valueOf(exception.getMessage()).lines().findFirst().orElse("failed");
    }
}
