package dev.kestrel.cli;

import dev.kestrel.app.WebApplication;
import dev.kestrel.options.KestrelServerLimits;
import dev.kestrel.options.KestrelServerLimitsBuilder;

import picocli.CommandLine.Command;

/** {@code kestrel echo}. */
@Command(
        name = "echo",
        description = "Starts the target that conformance and load tools expect.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        footer = {
            "",
            "GET of any path answers Hello and the protocol, POST echoes the body. Besides:",
            "/plaintext  /json  /bytes/{n}  /upload  /echo  /cookie  /sleep/{ms}  /trailers",
            "/early-hints  /headers/{count}/{size}"
        })
final class EchoCommand extends ServerCommand {

    EchoCommand() {}

    /** Tools send more than 30 MB; {@code --max-body} still sets a limit. */
    @Override
    void defaults(KestrelServerLimitsBuilder builder) {
        builder.maxRequestBodySize(KestrelServerLimits.UNLIMITED);
    }

    @Override
    void build(WebApplication app) {
        app.run(new EchoTarget());
    }

    @Override
    String purpose() {
        return "echoes";
    }
}
