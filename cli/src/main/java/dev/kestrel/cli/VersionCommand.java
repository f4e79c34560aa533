package dev.kestrel.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.lang.module.ModuleDescriptor;

/** {@code kestrel version}, and the text of {@code --version}. */
@Command(
        name = "version",
        description = "Says which version this is, and on what it runs.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class)
final class VersionCommand implements Runnable, IVersionProvider {

    @Spec private CommandSpec spec = CommandSpec.create();

    VersionCommand() {}

    @Override
    public void run() {
        spec.commandLine().getOut().println(getVersion()[0]);
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "kestrel %s (JDK %s, %s %s)"
                    .formatted(
                            version(),
                            Runtime.version(),
                            System.getProperty("os.name"),
                            System.getProperty("os.arch"))
        };
    }

    /** The version that the build gave this module; on a class path there is none. */
    static String version() {
        ModuleDescriptor descriptor = Main.class.getModule().getDescriptor();
        String unknown = "(unknown version)";
        return descriptor == null ? unknown : descriptor.rawVersion().orElse(unknown);
    }
}
