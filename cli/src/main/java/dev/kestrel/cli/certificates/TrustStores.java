package dev.kestrel.cli.certificates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/** All places of a machine that have to know an authority, so that its programs trust it. */
public final class TrustStores {

    private final Path root;
    private final Path home;
    private final String system;
    private final Commands commands;
    private final Consumer<String> say;

    /**
     * Names the machine.
     *
     * @param root the root of its files
     * @param home the user's home directory
     * @param system the name of the operating system, as Java has it
     * @param commands runs programs
     * @param say takes what is done, and what the user has to do, a line at a time
     */
    public TrustStores(
            Path root, Path home, String system, Commands commands, Consumer<String> say) {
        this.root = root;
        this.home = home;
        this.system = system.toLowerCase(Locale.ROOT);
        this.commands = commands;
        this.say = say;
    }

    /**
     * Has the machine trust an authority.
     *
     * @param authority a file in PEM
     * @return false when the user has to do something, which was said
     * @throws IOException when a store can not be changed
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean install(Path authority) throws IOException, InterruptedException {
        if (system.startsWith("mac")) {
            say.accept("On macOS, run:");
            say.accept(
                    "  security add-trusted-cert -r trustRoot -k"
                            + " ~/Library/Keychains/login.keychain-db '"
                            + authority
                            + "'");
            sayFirefox(authority);
            return false;
        }
        if (system.startsWith("windows")) {
            say.accept("On Windows, run:");
            say.accept("  certutil -user -addstore Root \"" + authority + "\"");
            sayFirefox(authority);
            return false;
        }
        boolean done = installForSystem(authority);
        NssTrust nss = new NssTrust(home, commands);
        if (nss.isAvailable()) {
            for (Path store : nss.stores()) {
                nss.install(store, authority);
                say.accept("Trusted in the browser's store " + store);
            }
        } else {
            say.accept("Browsers have stores of their own. For Chromium, install certutil");
            say.accept("(libnss3-tools, nss-tools or nss) and run this again.");
            sayFirefox(authority);
        }
        return done;
    }

    private boolean installForSystem(Path authority) throws IOException, InterruptedException {
        SystemTrust store = SystemTrust.find(root, commands);
        if (store == null) {
            say.accept("Where this system keeps the authorities that it trusts is not known here.");
            say.accept("Most clients can be told: curl --cacert " + authority);
            return false;
        }
        if (!store.mayChange()) {
            say.accept("The system's store needs root. Run:");
            say.accept("  " + store.installCommand(authority));
            return false;
        }
        store.install(Files.readString(authority), commands);
        say.accept("Trusted by the system: " + store.file());
        return true;
    }

    private void sayFirefox(Path authority) {
        say.accept(
                "Firefox: Settings, Privacy & Security, View Certificates, Authorities, Import: "
                        + authority);
    }

    /**
     * Has the machine no longer trust the authority.
     *
     * @return false when the user has to do something, which was said
     * @throws IOException when a store can not be changed
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean remove() throws IOException, InterruptedException {
        if (system.startsWith("mac")) {
            say.accept(
                    "On macOS, delete the authorities named 'Kestrel development CA' in Keychain");
            say.accept("Access, and in Firefox under View Certificates, Authorities.");
            return false;
        }
        if (system.startsWith("windows")) {
            say.accept("On Windows, delete the authorities named 'Kestrel development CA' in");
            say.accept("certmgr.msc, and in Firefox under View Certificates, Authorities.");
            return false;
        }
        boolean done = removeForSystem();
        NssTrust nss = new NssTrust(home, commands);
        if (nss.isAvailable()) {
            for (Path store : nss.stores()) {
                if (nss.remove(store)) {
                    say.accept("No longer trusted in the browser's store " + store);
                }
            }
        }
        return done;
    }

    private boolean removeForSystem() throws IOException, InterruptedException {
        SystemTrust store = SystemTrust.find(root, commands);
        if (store == null || !store.isInstalled()) {
            say.accept("The system does not trust it.");
            return true;
        }
        if (!store.mayChange()) {
            say.accept("The system's store needs root. Run:");
            say.accept("  " + store.removeCommand());
            return false;
        }
        store.remove(commands);
        say.accept("No longer trusted by the system: " + store.file());
        return true;
    }

    /**
     * Whether the system trusts an authority, as far as this class has seen to it.
     *
     * @param authority a file in PEM
     * @return true when it was installed and is still the same
     */
    public boolean isInstalled(Path authority) {
        SystemTrust store = SystemTrust.find(root, commands);
        try {
            return store != null
                    && store.isInstalled()
                    && Files.mismatch(store.file(), authority) < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Those of this machine.
     *
     * @param say takes what is done, and what the user has to do, a line at a time
     * @return its stores
     */
    public static TrustStores ofSystem(Consumer<String> say) {
        return new TrustStores(
                Path.of("/"),
                Path.of(System.getProperty("user.home")),
                System.getProperty("os.name"),
                Commands.ofSystem(System.getenv()),
                say);
    }
}
