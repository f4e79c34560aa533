package dev.kestrel.cli;

import dev.kestrel.cli.certificates.DevCertificate;
import dev.kestrel.cli.certificates.DevCertificates;
import dev.kestrel.cli.certificates.HostName;
import dev.kestrel.connections.tls.ClientCertificateMode;
import dev.kestrel.connections.tls.TlsVersion;
import dev.kestrel.options.HttpVersion;
import dev.kestrel.options.HttpsOptions;
import dev.kestrel.options.HttpsOptionsBuilder;
import dev.kestrel.options.ListenOptions;
import dev.kestrel.options.ServerCertificate;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Whether TLS is spoken, and how. Passwords come from files: others can see a command line. */
final class HttpsFlags {

    @Option(
            names = "--https",
            description =
                    "Speak HTTPS, with a development certificate for localhost unless --cert names"
                            + " another.")
    boolean https;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description =
                    "The certificate: PEM, with those of the authorities between it and a root, or"
                            + " PKCS#12 (.p12, .pfx) or a Java key store (.jks).")
    @Nullable Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The private key in PEM. Default: it is in the file of --cert.")
    @Nullable Path key;

    @Option(
            names = "--key-password-file",
            paramLabel = "FILE",
            description = "The file whose first line is the password of an encrypted private key.")
    @Nullable Path keyPasswordFile;

    @Option(
            names = "--cert-password-file",
            paramLabel = "FILE",
            description = "The file whose first line is the password of a PKCS#12 or key store.")
    @Nullable Path certificatePasswordFile;

    @Option(
            names = "--redirect-http",
            description =
                    "Send clients that speak HTTP on this port to https:// (308), instead of saying"
                            + " 400.")
    boolean redirectHttp;

    @Option(
            names = "--client-certificates",
            paramLabel = "MODE",
            converter = Mode.class,
            description =
                    "Whether clients show a certificate: none, allow or require. Default: none.")
    @Nullable ClientCertificateMode clientCertificates;

    @Option(
            names = "--client-ca",
            paramLabel = "FILE",
            description = "The authorities whose clients are trusted, in PEM.")
    @Nullable Path clientAuthorities;

    @Option(
            names = "--tls-versions",
            paramLabel = "LIST",
            converter = TlsVersions.class,
            description = "Versions of TLS: 1.2, 1.3 or both. Default: both.")
    @Nullable Set<TlsVersion> tlsVersions;

    /** Where the development certificate is. */
    Path directory = DevCertCommand.userDirectory();

    HttpsFlags() {}

    /** Reads {@code none}, {@code allow} and {@code require}. */
    static final class Mode implements ITypeConverter<ClientCertificateMode> {

        Mode() {}

        @Override
        public ClientCertificateMode convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "none" -> ClientCertificateMode.NONE;
                case "allow" -> ClientCertificateMode.ALLOW;
                case "require" -> ClientCertificateMode.REQUIRE;
                default ->
                        throw new TypeConversionException(
                                "'" + text + "' is not one of none, allow, require");
            };
        }
    }

    /** Adds TLS to an endpoint when it is asked for. */
    ListenOptions.Builder apply(ListenOptions.Builder endPoint, Consumer<String> say)
            throws CommandFailure {
        if (!https) {
            requireNothingElse();
            return endPoint;
        }
        HttpsOptionsBuilder options = HttpsOptions.builder().certificate(certificate(say));
        if (redirectHttp) {
            options.plainHttp(HttpsOptions.PlainHttp.REDIRECT);
        }
        if (tlsVersions != null) {
            TlsVersion[] versions = tlsVersions.toArray(TlsVersion[]::new);
            options.tlsVersions(versions[0], versions);
        }
        clients(options);
        return endPoint.https(options.build());
    }

    /** Whether TLS is spoken, in the version that HTTP/3 needs. */
    boolean allowsHttp3() {
        return https && (tlsVersions == null || tlsVersions.contains(TlsVersion.TLS_1_3));
    }

    private void requireNothingElse() throws CommandFailure {
        String needs = "--https";
        refuse(needs, "--cert", certificate != null);
        refuse(needs, "--key", key != null);
        refuse(needs, "--key-password-file", keyPasswordFile != null);
        refuse(needs, "--cert-password-file", certificatePasswordFile != null);
        refuse(needs, "--redirect-http", redirectHttp);
        refuse(needs, "--client-certificates", clientCertificates != null);
        refuse(needs, "--client-ca", clientAuthorities != null);
        refuse(needs, "--tls-versions", tlsVersions != null);
    }

    private void clients(HttpsOptionsBuilder options) throws CommandFailure {
        boolean asks =
                clientCertificates != null && clientCertificates != ClientCertificateMode.NONE;
        if (asks && clientAuthorities == null) {
            throw CommandFailure.usage(
                    "--client-certificates needs --client-ca FILE: the authorities whose clients are"
                            + " trusted");
        }
        if (clientAuthorities != null) {
            if (!asks) {
                throw CommandFailure.usage(
                        "--client-ca needs --client-certificates allow or require");
            }
            options.clientTrustRoots(readable("--client-ca", clientAuthorities));
        }
        if (clientCertificates != null) {
            options.clientCertificateMode(clientCertificates);
        }
    }

    private ServerCertificate certificate(Consumer<String> say) throws CommandFailure {
        if (certificate == null) {
            requireNoCertificateFlags();
            return development(say);
        }
        Path file = readable("--cert", certificate);
        if (certificatePasswordFile != null || isKeyStore(file)) {
            if (key != null || keyPasswordFile != null) {
                throw CommandFailure.usage(
                        (key != null ? "--key" : "--key-password-file")
                                + " is for certificates in PEM, but "
                                + file
                                + " is taken for a key store, which holds its key");
            }
            String password =
                    certificatePasswordFile == null
                            ? ""
                            : PasswordFile.read("--cert-password-file", certificatePasswordFile);
            return ServerCertificate.keyStore(file, password);
        }
        ServerCertificate.PemFiles pem =
                key == null
                        ? ServerCertificate.pem(file)
                        : ServerCertificate.pem(file, readable("--key", key));
        return keyPasswordFile == null
                ? pem
                : pem.withPassword(PasswordFile.read("--key-password-file", keyPasswordFile));
    }

    private void requireNoCertificateFlags() throws CommandFailure {
        refuse("--cert FILE", "--key", key != null);
        refuse("--cert FILE", "--key-password-file", keyPasswordFile != null);
        refuse("--cert FILE", "--cert-password-file", certificatePasswordFile != null);
    }

    private static void refuse(String needs, String flag, boolean given) throws CommandFailure {
        if (given) {
            throw CommandFailure.usage(flag + " needs " + needs);
        }
    }

    private static boolean isKeyStore(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return List.of(".p12", ".pfx", ".jks", ".jceks").stream().anyMatch(name::endsWith);
    }

    private static Path readable(String flag, Path file) throws CommandFailure {
        if (!Files.exists(file)) {
            throw CommandFailure.usage(flag + ": there is no file " + file);
        }
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw CommandFailure.usage(flag + ": " + file + " can not be read");
        }
        return file;
    }

    private ServerCertificate development(Consumer<String> say) throws CommandFailure {
        try {
            DevCertificate made =
                    new DevCertificates(directory, Clock.systemUTC())
                            .ensure(new LinkedHashSet<>(HostName.LOCAL), false);
            if (made.newAuthority()) {
                say.accept(
                        "Made a certificate for localhost in "
                                + directory
                                + "; 'kestrel dev-cert --trust' has this machine trust it");
            }
            return ServerCertificate.pem(made.certificateFile(), made.keyFile());
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandFailure("--https: " + DevCertCommand.reason(e));
        }
    }

    /** What the first lines say about an endpoint. */
    List<String> notes(ListenOptions endPoint) {
        if (!https) {
            return List.of();
        }
        String what =
                certificate == null
                        ? "Development certificate, authority " + directory.resolve("ca.pem")
                        : "Certificate " + certificate;
        List<String> offers =
                Stream.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
                        .filter(endPoint.protocols()::contains)
                        .map(version -> version == HttpVersion.HTTP_2 ? "h2" : "http/1.1")
                        .toList();
        return List.of(
                what
                        + (offers.isEmpty()
                                ? "."
                                : "; ALPN offers " + String.join(" and ", offers) + "."));
    }

    /** A start that failed, in terms of the options. */
    CommandFailure explain(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (https && certificate != null && message.contains("https.certificate")) {
            return CommandFailure.usage(flagOf(message) + ": " + message);
        }
        if (https && message.contains("https.clientTrustRoots")) {
            return CommandFailure.usage("--client-ca: " + message);
        }
        return new CommandFailure("cannot start: " + message);
    }

    /** The option that a message about the certificate is about: the file that it names first. */
    private String flagOf(String message) {
        boolean password = message.contains("password");
        if (certificatePasswordFile != null && password) {
            return "--cert-password-file";
        }
        int ofKey = key == null ? -1 : message.indexOf(key.toString());
        int ofCertificate = message.indexOf(String.valueOf(certificate));
        if (ofKey < 0 || (ofCertificate >= 0 && ofCertificate < ofKey)) {
            return "--cert";
        }
        return keyPasswordFile != null && password ? "--key-password-file" : "--key";
    }
}
