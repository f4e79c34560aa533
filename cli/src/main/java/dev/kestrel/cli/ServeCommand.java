package dev.kestrel.cli;

import dev.kestrel.app.WebApplication;
import dev.kestrel.app.files.StaticFileOptions;
import dev.kestrel.app.files.StaticFiles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** {@code kestrel serve DIR}. */
@Command(
        name = "serve",
        description = "Serves the files of a directory.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class)
final class ServeCommand extends ServerCommand {

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            defaultValue = ".",
            description = "The directory. Default: the current one.")
    private Path directory = Path.of(".");

    @Option(
            names = "--listing",
            description = "Answer a directory that has no index file with a list of its files.")
    private boolean listing;

    @Option(
            names = "--index",
            paramLabel = "NAME",
            defaultValue = "index.html",
            description =
                    "The file that answers for its directory; give it again for further names."
                            + " Default: ${DEFAULT-VALUE}.")
    private String[] index = {"index.html"};

    @Option(names = "--hidden", description = "Serve files whose names begin with a dot, too.")
    private boolean hidden;

    @Option(
            names = "--no-cache",
            description = "Tell browsers to ask each time whether a file has changed.")
    private boolean noCache;

    ServeCommand() {}

    @Override
    void build(WebApplication app) throws CommandFailure {
        if (!Files.exists(directory)) {
            throw new CommandFailure("there is no directory " + directory);
        }
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(directory + " is not a directory");
        }
        if (!Files.isReadable(directory)) {
            throw new CommandFailure("the directory " + directory + " may not be read");
        }
        try {
            StaticFileOptions.Builder files =
                    StaticFileOptions.builder(directory)
                            .indexNames(index)
                            .directoryListing(listing)
                            .hiddenFiles(hidden);
            if (noCache) {
                files.cacheControl("no-cache");
            }
            app.run(StaticFiles.of(files.build()));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new CommandFailure("cannot serve " + directory + ": " + e.getMessage());
        }
    }

    @Override
    String hint() {
        if (listing || Stream.of(index).map(directory::resolve).anyMatch(Files::isRegularFile)) {
            return "";
        }
        return "There is no " + String.join(" or ", index) + "; --listing lists the files.";
    }

    @Override
    String purpose() {
        return "serves " + directory.toAbsolutePath().normalize();
    }
}
