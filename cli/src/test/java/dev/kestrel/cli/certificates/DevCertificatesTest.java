package dev.kestrel.cli.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

@Timeout(60)
class DevCertificatesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir private Path temporary = Path.of(".");

    private Path directory() {
        return temporary.resolve("data").resolve("kestrel");
    }

    private DevCertificates at(Duration later) {
        return new DevCertificates(directory(), Clock.fixed(NOW.plus(later), ZoneOffset.UTC));
    }

    private DevCertificate ensure(Duration later, String... more) throws Exception {
        return at(later).ensure(names(more), false);
    }

    private static Set<HostName> names(String... more) {
        Set<HostName> names = new LinkedHashSet<>(HostName.LOCAL);
        Stream.of(more).map(HostName::of).forEach(names::add);
        return names;
    }

    private String permissions(String file) throws Exception {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory().resolve(file)));
    }

    @Test
    void theAuthorityLivesTenYearsAndTheCertificate397Days() throws Exception {
        DevCertificate made = ensure(Duration.ZERO);
        assertThat(made.newAuthority()).isTrue();
        assertThat(made.newCertificate()).isTrue();
        assertThat(lifeInDays(made.authority())).isBetween(3652L, 3653L);
        assertThat(lifeInDays(made.certificate())).isEqualTo(397);
        assertThat(made.certificate().getNotBefore().toInstant()).isBefore(NOW);
    }

    /** The end is part of the time (RFC 5280 section 4.1.2.5). */
    private static long lifeInDays(X509Certificate certificate) {
        return Duration.between(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant().plusSeconds(1))
                .toDays();
    }

    @Test
    void theAuthoritySignsCertificatesOfServersAndNoAuthorities() throws Exception {
        DevCertificate made = ensure(Duration.ZERO);
        X509Certificate authority = made.authority();
        assertThat(authority.getBasicConstraints()).as("path length").isZero();
        assertThat(authority.getKeyUsage()[5]).as("keyCertSign").isTrue();
        assertThat(authority.getKeyUsage()[0]).as("digitalSignature").isFalse();
        assertThat(authority.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(authority.getCriticalExtensionOIDs())
                .as("basic constraints, key usage, name constraints")
                .containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15", "2.5.29.30");
        assertThat(((ECPublicKey) authority.getPublicKey()).getParams().getCurve().getField())
                .extracting(field -> field.getFieldSize())
                .isEqualTo(256);

        X509Certificate certificate = made.certificate();
        certificate.verify(authority.getPublicKey());
        assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getNonCriticalExtensionOIDs())
                .as("subject and authority key identifiers, names")
                .contains("2.5.29.14", "2.5.29.35", "2.5.29.17");
        assertThat(certificate.getSerialNumber()).isPositive();
        assertThat(certificate.getSerialNumber()).isNotEqualTo(authority.getSerialNumber());
        assertThat(certificate.getSerialNumber().bitLength()).isEqualTo(127);
    }

    @Test
    void itIsForLocalhostAndTheAddressesOfThisMachine() throws Exception {
        assertThat(ensure(Duration.ZERO).names())
                .extracting(HostName::text)
                .containsExactly("localhost", "*.localhost", "127.0.0.1", "::1");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has other permissions")
    void keysAreForTheirOwnerAlone() throws Exception {
        ensure(Duration.ZERO);
        assertThat(permissions("")).isEqualTo("rwx------");
        assertThat(permissions("ca.key")).isEqualTo("rw-------");
        assertThat(permissions("localhost.key")).isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("nothing temporary stays")
                    .containsExactlyInAnyOrder(
                            ".lock", "ca.key", "ca.pem", "localhost.key", "localhost.pem");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has other permissions")
    void aDirectoryThatOthersMayChangeIsRefused() throws Exception {
        Files.createDirectories(directory());
        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxrwx---"));
        assertThatThrownBy(() -> ensure(Duration.ZERO))
                .hasMessageContaining("chmod 700")
                .hasMessageContaining(directory().toString());
        assertThat(directory()).isEmptyDirectory();
    }

    @Test
    void whatIsGoodIsKept() throws Exception {
        DevCertificate made = ensure(Duration.ZERO);
        DevCertificate again = ensure(Duration.ofDays(366));
        assertThat(again.newAuthority()).isFalse();
        assertThat(again.newCertificate()).isFalse();
        assertThat(again.certificate()).isEqualTo(made.certificate());
    }

    @Test
    void aCertificateThatEndsIn30DaysIsRenewedByTheSameAuthority() throws Exception {
        DevCertificate made = ensure(Duration.ZERO, "app.localhost");
        DevCertificate renewed = ensure(Duration.ofDays(368));
        assertThat(renewed.newCertificate()).isTrue();
        assertThat(renewed.newAuthority()).isFalse();
        assertThat(renewed.authority()).isEqualTo(made.authority());
        assertThat(renewed.certificate().getPublicKey())
                .isNotEqualTo(made.certificate().getPublicKey());
        assertThat(renewed.names()).contains(HostName.of("app.localhost"));
    }

    @Test
    void aCertificateDoesNotOutliveItsAuthority() throws Exception {
        DevCertificate made = ensure(Duration.ZERO);
        DevCertificate renewed = ensure(Duration.ofDays(3600));
        assertThat(renewed.newAuthority()).isFalse();
        assertThat(renewed.certificate().getNotAfter()).isEqualTo(made.authority().getNotAfter());
    }

    @Test
    void anAuthorityThatEndsIn30DaysIsMadeAnew() throws Exception {
        DevCertificate made = ensure(Duration.ZERO);
        DevCertificate renewed = ensure(Duration.ofDays(3640));
        assertThat(renewed.newAuthority()).isTrue();
        assertThat(renewed.authority().getSubjectX500Principal())
                .as("a client that knows both can tell them apart")
                .isNotEqualTo(made.authority().getSubjectX500Principal());
    }

    @Test
    void aNameBelowLocalhostIsAdded() throws Exception {
        ensure(Duration.ZERO);
        DevCertificate more = ensure(Duration.ZERO, "app.localhost", "127.0.0.2");
        assertThat(more.newAuthority()).isFalse();
        assertThat(more.newCertificate()).isTrue();
        assertThat(more.names())
                .contains(HostName.of("app.localhost"), HostName.of("127.0.0.2"))
                .containsAll(HostName.LOCAL);
    }

    @Test
    void theAuthorityCertifiesNoOtherNames() throws Exception {
        DevCertificate made = ensure(Duration.ZERO);
        assertThatThrownBy(() -> ensure(Duration.ZERO, "bank.example"))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("--force");
        for (String name : List.of("bank.example", "notlocalhost", "10.0.0.1", "::2")) {
            assertThat(CertificateIssuer.permits(made.authority(), Set.of(HostName.of(name))))
                    .as(name)
                    .isFalse();
        }
    }

    @Test
    void anAuthorityIsMadeForTheNamesThatWereAskedFor() throws Exception {
        ensure(Duration.ZERO);
        DevCertificate forced =
                at(Duration.ZERO).ensure(names("app.test", "*.dev.test", "10.0.0.1"), true);
        assertThat(forced.newAuthority()).isTrue();
        assertThat(forced.names()).hasSize(7);
        assertThat(
                        CertificateIssuer.permits(
                                forced.authority(),
                                names("app.test", "*.dev.test", "x.dev.test", "10.0.0.1")))
                .isTrue();
        assertThat(CertificateIssuer.permits(forced.authority(), Set.of(HostName.of("10.0.0.2"))))
                .isFalse();
    }

    @Test
    void aDamagedCertificateIsMadeAnewAndADamagedAuthorityIsNot() throws Exception {
        DevCertificate made = ensure(Duration.ZERO);
        Files.writeString(made.certificateFile(), "damaged");
        assertThat(ensure(Duration.ZERO).authority()).isEqualTo(made.authority());
        Files.writeString(made.keyFile(), "damaged");
        assertThat(ensure(Duration.ZERO).newCertificate()).isTrue();

        Files.writeString(made.authorityFile(), "damaged");
        assertThatThrownBy(() -> ensure(Duration.ZERO))
                .hasMessageContaining("ca.pem")
                .hasMessageContaining("--force");
        assertThat(at(Duration.ZERO).ensure(names(), true).newAuthority()).isTrue();
    }

    @Test
    void anAuthorityWithoutItsKeyIsNamed() throws Exception {
        DevCertificate made = ensure(Duration.ZERO);
        Files.delete(directory().resolve("ca.key"));
        assertThat(ensure(Duration.ZERO).newCertificate()).isFalse();
        Files.delete(made.certificateFile());
        assertThatThrownBy(() -> ensure(Duration.ZERO))
                .hasMessageContaining("ca.key is missing")
                .hasMessageContaining("--force");
    }

    @Test
    void commandsAtTheSameTimeMakeOne() throws Exception {
        Callable<X509Certificate> one = () -> ensure(Duration.ZERO).certificate();
        List<X509Certificate> seen = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<X509Certificate> each : threads.invokeAll(List.of(one, one, one, one))) {
                seen.add(each.get());
            }
        }
        assertThat(Set.copyOf(seen)).hasSize(1);
    }

    /** An outside opinion; skipped where OpenSSL is not installed. */
    @Test
    void opensslAcceptsIt() throws Exception {
        Commands commands = Commands.ofSystem(System.getenv());
        assumeTrue(commands.has("openssl"), "no openssl here");
        DevCertificate made =
                new DevCertificates(directory(), Clock.systemUTC()).ensure(names(), false);
        for (List<String> name :
                List.of(
                        List.of("-verify_hostname", "localhost"),
                        List.of("-verify_ip", "127.0.0.1"),
                        List.of("-verify_ip", "::1"))) {
            List<String> words =
                    new ArrayList<>(
                            List.of("openssl", "verify", "-x509_strict", "-purpose", "sslserver"));
            words.addAll(name);
            words.addAll(
                    List.of(
                            "-CAfile",
                            made.authorityFile().toString(),
                            made.certificateFile().toString()));
            assertThat(commands.run(words))
                    .isEqualTo(new Commands.Result(0, made.certificateFile() + ": OK"));
        }
    }

    @Test
    void dataHasItsPlace() {
        Path home = temporary.toAbsolutePath();
        Path data = home.resolve("d");
        assertThat(DevCertificates.defaultDirectory(Map.of(), home))
                .isEqualTo(home.resolve(".local/share/kestrel"));
        assertThat(DevCertificates.defaultDirectory(Map.of("XDG_DATA_HOME", data.toString()), home))
                .isEqualTo(data.resolve("kestrel"));
        assertThat(DevCertificates.defaultDirectory(Map.of("XDG_DATA_HOME", "relative"), home))
                .as("\"If an implementation encounters a relative path ... ignore it\"")
                .isEqualTo(home.resolve(".local/share/kestrel"));
    }
}
