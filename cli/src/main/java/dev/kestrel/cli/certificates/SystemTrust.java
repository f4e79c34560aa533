package dev.kestrel.cli.certificates;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The directory in which a Linux distribution takes authorities from its administrator, and the
 * command that tells all programs about them. Only root may change it. Immutable.
 */
final class SystemTrust {

    private record Kind(String directory, String file, List<String> update) {}

    /** In the order in which they are looked for; Arch has the directory of Fedora, too. */
    private static final List<Kind> KINDS =
            List.of(
                    new Kind(
                            "usr/local/share/ca-certificates",
                            "kestrel-development-ca.crt",
                            List.of("update-ca-certificates")),
                    new Kind(
                            "etc/ca-certificates/trust-source/anchors",
                            "kestrel-development-ca.pem",
                            List.of("update-ca-trust", "extract")),
                    new Kind(
                            "etc/pki/ca-trust/source/anchors",
                            "kestrel-development-ca.pem",
                            List.of("update-ca-trust", "extract")),
                    new Kind(
                            "usr/share/pki/trust/anchors",
                            "kestrel-development-ca.pem",
                            List.of("update-ca-certificates")));

    private final Path file;
    private final List<String> update;

    private SystemTrust(Path file, List<String> update) {
        this.file = file;
        this.update = update;
    }

    /** The one of this machine, or {@code null} when it is none of those that are known. */
    static @Nullable SystemTrust find(Path root, Commands commands) {
        for (Kind kind : KINDS) {
            Path directory = root.resolve(kind.directory);
            if (Files.isDirectory(directory) && commands.has(kind.update.getFirst())) {
                return new SystemTrust(directory.resolve(kind.file), kind.update);
            }
        }
        return null;
    }

    Path file() {
        return file;
    }

    boolean isInstalled() {
        return Files.exists(file);
    }

    boolean mayChange() {
        return Files.isWritable(file.resolveSibling("."));
    }

    /** What root has to type. */
    String installCommand(Path authority) {
        return "sudo install -m 644 " + quoted(authority) + " " + file + " && sudo " + updateLine();
    }

    String removeCommand() {
        return "sudo rm -f " + file + " && sudo " + updateLine();
    }

    private String updateLine() {
        return String.join(" ", update);
    }

    private static String quoted(Path path) {
        String text = path.toAbsolutePath().toString();
        return text.matches("[A-Za-z0-9/._-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    void install(String pem, Commands commands) throws IOException, InterruptedException {
        PrivateFiles.write(file, pem);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            // Everybody's programs read it, whatever root's umask is.
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        update(commands);
    }

    void remove(Commands commands) throws IOException, InterruptedException {
        Files.delete(file);
        update(commands);
    }

    private void update(Commands commands) throws IOException, InterruptedException {
        Commands.Result result = commands.run(update);
        if (result.code() != 0) {
            throw new IOException(
                    updateLine() + " failed: " + result.output().lines().findFirst().orElse(""));
        }
    }
}
