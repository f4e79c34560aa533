package dev.kestrel.cli;

import dev.kestrel.cli.certificates.DevCertificate;
import dev.kestrel.cli.certificates.DevCertificates;
import dev.kestrel.cli.certificates.HostName;
import dev.kestrel.cli.certificates.TrustStores;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code kestrel dev-cert}. */
@Command(
        name = "dev-cert",
        description = "Makes a certificate for localhost, and has this machine trust it.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        footer = {
            "",
            "The certificate is for localhost, *.localhost, 127.0.0.1 and ::1. It is signed by an",
            "authority that can certify these names and no others, and whose key stays here.",
            "Many clients take no *.localhost: name each, such as --name app.localhost."
        })
final class DevCertCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "A further host name or address; give it again for more. The authority has to be"
                            + " made for it: use --force when there is one already.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where it is kept. Default: $XDG_DATA_HOME/kestrel or ~/.local/share/kestrel.")
    private @Nullable Path directory;

    @Option(
            names = "--force",
            description =
                    "Make a new authority and a new certificate, also when those that are there are"
                            + " good.")
    private boolean force;

    @Option(names = "--trust", description = "Have this machine trust the authority.")
    private boolean trust;

    @Option(names = "--untrust", description = "Have this machine no longer trust it.")
    private boolean untrust;

    @Option(
            names = "--export",
            description = "Print the authority's certificate in PEM, and nothing else.")
    private boolean export;

    DevCertCommand() {}

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        if ((trust ? 1 : 0) + (untrust ? 1 : 0) + (export ? 1 : 0) > 1) {
            throw CommandFailure.usage("--trust, --untrust and --export exclude each other");
        }
        PrintWriter out = spec.commandLine().getOut();
        TrustStores stores = TrustStores.ofSystem(out::println);
        try {
            if (untrust) {
                return stores.remove() ? 0 : 1;
            }
            Path where = directory == null ? userDirectory() : directory;
            DevCertificate certificate =
                    new DevCertificates(where, Clock.systemUTC()).ensure(names(), force);
            if (export) {
                out.print(Files.readString(certificate.authorityFile()));
                return 0;
            }
            describe(out, certificate);
            out.println();
            if (trust) {
                return stores.install(certificate.authorityFile()) ? 0 : 1;
            }
            next(out, certificate, stores.isInstalled(certificate.authorityFile()));
            return 0;
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandFailure(reason(e));
        } finally {
            out.flush();
        }
    }

    private Set<HostName> names() throws CommandFailure {
        Set<HostName> all = new LinkedHashSet<>(HostName.LOCAL);
        for (String name : names) {
            try {
                all.add(HostName.of(name));
            } catch (IllegalArgumentException e) {
                throw CommandFailure.usage("--name: " + e.getMessage());
            }
        }
        return all;
    }

    private static void describe(PrintWriter out, DevCertificate made) {
        X509Certificate authority = made.authority();
        X509Certificate certificate = made.certificate();
        out.println("Authority    " + made.authorityFile() + (made.newAuthority() ? " (new)" : ""));
        out.println("  expires    " + day(authority));
        out.println("  SHA-256    " + DevCertificate.fingerprint(authority));
        out.println(
                "Certificate  " + made.certificateFile() + (made.newCertificate() ? " (new)" : ""));
        out.println("  key        " + made.keyFile());
        out.println(
                "  names      "
                        + made.names().stream()
                                .map(HostName::text)
                                .collect(Collectors.joining(", ")));
        out.println("  expires    " + day(certificate));
        out.println("  SHA-256    " + DevCertificate.fingerprint(certificate));
    }

    private static LocalDate day(X509Certificate certificate) {
        return LocalDate.ofInstant(certificate.getNotAfter().toInstant(), ZoneOffset.UTC);
    }

    private static void next(PrintWriter out, DevCertificate made, boolean trusted) {
        if (!trusted) {
            out.println("kestrel dev-cert --trust    has this machine trust the authority");
        }
        out.println("kestrel serve DIR --https   serves with this certificate");
        if (!trusted) {
            out.println("curl --cacert " + made.authorityFile() + " https://localhost:8080/");
        }
    }

    /** Where certificates are unless the command line says otherwise. */
    static Path userDirectory() {
        return DevCertificates.defaultDirectory(
                System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** What went wrong, with the name of the file. */
    static String reason(Exception e) {
        if (e instanceof FileSystemException file) {
            String why = file.getReason();
            return file.getFile() + ": " + (why == null ? "can not be read or written" : why);
        }
        return String.valueOf(e.getMessage());
    }
}
