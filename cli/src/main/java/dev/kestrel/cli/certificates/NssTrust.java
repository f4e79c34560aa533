package dev.kestrel.cli.certificates;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The certificate stores that Chromium and Firefox have for themselves in a user's home directory
 * (NSS), changed with {@code certutil}. Immutable.
 */
final class NssTrust {

    private static final String NICKNAME = "Kestrel development CA";

    private final Path home;
    private final Commands commands;

    NssTrust(Path home, Commands commands) {
        this.home = home;
        this.commands = commands;
    }

    boolean isAvailable() {
        return commands.has("certutil");
    }

    /** Chromium's, and that of each profile of Firefox. */
    List<Path> stores() throws IOException {
        List<Path> stores = new ArrayList<>();
        stores.add(home.resolve(".pki").resolve("nssdb"));
        for (String profiles :
                List.of(".mozilla/firefox", "snap/firefox/common/.mozilla/firefox")) {
            Path directory = home.resolve(profiles);
            if (Files.isDirectory(directory)) {
                try (DirectoryStream<Path> each = Files.newDirectoryStream(directory)) {
                    for (Path profile : each) {
                        if (Files.exists(profile.resolve("cert9.db"))) {
                            stores.add(profile);
                        }
                    }
                }
            }
        }
        return stores;
    }

    /** Makes the store when there is none, as Chromium does when it starts. */
    void install(Path store, Path authority) throws IOException, InterruptedException {
        if (!Files.exists(store.resolve("cert9.db"))) {
            PrivateFiles.makeDirectory(store);
            certutil(store, "-N", "--empty-password");
        }
        remove(store);
        certutil(
                store,
                "-A",
                "-t",
                "C,,",
                "-n",
                NICKNAME,
                "-i",
                authority.toAbsolutePath().toString());
    }

    /** Removes what is there under the name; says whether something was. */
    boolean remove(Path store) throws IOException, InterruptedException {
        if (!Files.exists(store.resolve("cert9.db"))
                || commands.run(words(store, "-L", "-n", NICKNAME)).code() != 0) {
            return false;
        }
        certutil(store, "-D", "-n", NICKNAME);
        return true;
    }

    private void certutil(Path store, String... words) throws IOException, InterruptedException {
        Commands.Result result = commands.run(words(store, words));
        if (result.code() != 0) {
            throw new IOException(
                    "certutil failed for "
                            + store
                            + ": "
                            + result.output().lines().findFirst().orElse(""));
        }
    }

    private static List<String> words(Path store, String... words) {
        List<String> all = new ArrayList<>(List.of("certutil", "-d", "sql:" + store));
        all.addAll(List.of(words));
        return all;
    }
}
