package dev.kestrel.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.internal.serving.ManualTime;
import dev.kestrel.internal.serving.RecordingLogger;
import dev.kestrel.options.ServerCertificate;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A certificate is loaded again when its files change, and only a good one replaces the old. */
class CertificateWatcherTest {

    private static final TestCertificate OLD = TestCertificate.named("old.example").make();
    private static final TestCertificate NEW = TestCertificate.named("new.example").make();
    private static final String UNTIL = ", until 2120-01-01T00:00:00Z";

    @TempDir Path directory;

    private final RecordingLogger log = new RecordingLogger(Level.INFO);
    private final ManualTime clock = new ManualTime();
    private Path chain;
    private Path key;
    private CertificateWatcher watcher;

    @BeforeEach
    void open() throws Exception {
        chain = Files.writeString(directory.resolve("chain.pem"), OLD.pem());
        key = Files.writeString(directory.resolve("key.pem"), OLD.keyPem());
        watcher = watch(ServerCertificate.pem(chain, key));
    }

    private CertificateWatcher watch(ServerCertificate source) throws CertificateLoadException {
        return CertificateWatcher.open(source, "https.certificate", clock, log);
    }

    private void assertShows(TestCertificate expected) {
        assertThat(((LoadedCertificate.KeyAndChain) watcher.current()).leaf())
                .isEqualTo(expected.certificate());
    }

    private String reloaded(String source, String name) {
        return "INFO Reloaded the certificate of https.certificate from "
                + source
                + ": "
                + name
                + UNTIL;
    }

    private String reloaded() {
        return reloaded("PEM files " + chain + " and " + key, "new.example");
    }

    @Test
    void changedFilesAreLoadedAndTheChangeIsTold() throws IOException {
        Files.writeString(chain, NEW.pem());
        Files.writeString(key, NEW.keyPem());
        watcher.check();
        assertShows(NEW);
        assertThat(log.messages).containsExactly(reloaded());
    }

    @Test
    void nothingHappensWhileNothingChanges() {
        LoadedCertificate before = watcher.current();
        watcher.check();
        watcher.check();
        watcher.check();
        assertThat(watcher.current()).isSameAs(before);
        assertThat(log.messages).isEmpty();
    }

    @Test
    void newFilesWithTheSameContentAreNoChange() throws IOException {
        LoadedCertificate before = watcher.current();
        Path copy = Files.copy(chain, directory.resolve("copy.pem"));
        Files.move(copy, chain, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(key, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        watcher.check();
        watcher.check();
        assertThat(watcher.current()).isSameAs(before);
        assertThat(log.messages).isEmpty();
    }

    /** A tool may give the new file the time of the old one, and PEM files are often as long. */
    @Test
    void aChangeIsSeenThatKeepsTimeAndLength() throws Exception {
        TestCertificate first = TestCertificate.named("x.example").make();
        TestCertificate second = TestCertificate.named("y.example").keys(first.keys()).make();
        Path both = directory.resolve("both.pem");
        int length = Math.max(first.pem().length(), second.pem().length());
        Files.writeString(both, padded(first, length) + first.keyPem());
        FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(both, time);
        watcher = watch(ServerCertificate.pem(both));
        watcher.check();
        watcher.check();
        long size = Files.size(both);
        Path other = directory.resolve("other.pem");
        Files.writeString(other, padded(second, length) + first.keyPem());
        Files.setLastModifiedTime(other, time);
        Files.move(other, both, StandardCopyOption.REPLACE_EXISTING);
        assertThat(Files.size(both)).isEqualTo(size);
        assertThat(Files.getLastModifiedTime(both)).isEqualTo(time);
        watcher.check();
        assertShows(second);
        assertThat(log.messages).containsExactly(reloaded("PEM file " + both, "y.example"));
    }

    /** Fills up to a length with a line that is ignored. */
    private static String padded(TestCertificate certificate, int length) {
        return "#" + "x".repeat(length - certificate.pem().length()) + "\n" + certificate.pem();
    }

    /** Kubernetes: chain.pem -> ..data/chain.pem, ..data -> ..2026_01, and ..data is swapped. */
    @Test
    void swappedDirectoriesBehindASymbolicLinkAreSeen() throws Exception {
        Path first = Files.createDirectory(directory.resolve("..2026_01"));
        Path second = Files.createDirectory(directory.resolve("..2026_02"));
        Files.writeString(first.resolve("tls.crt"), OLD.pem());
        Files.writeString(first.resolve("tls.key"), OLD.keyPem());
        Files.writeString(second.resolve("tls.crt"), NEW.pem());
        Files.writeString(second.resolve("tls.key"), NEW.keyPem());
        Path data = directory.resolve("..data");
        Files.createSymbolicLink(data, first.getFileName());
        Path linkedChain = directory.resolve("tls.crt");
        Path linkedKey = directory.resolve("tls.key");
        Files.createSymbolicLink(linkedChain, Path.of("..data", "tls.crt"));
        Files.createSymbolicLink(linkedKey, Path.of("..data", "tls.key"));
        watcher = watch(ServerCertificate.pem(linkedChain, linkedKey));
        watcher.check();
        watcher.check();
        assertShows(OLD);

        Path next = directory.resolve("..data_tmp");
        Files.createSymbolicLink(next, second.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        watcher.check();
        assertShows(NEW);
        assertThat(log.messages)
                .containsExactly(
                        reloaded("PEM files " + linkedChain + " and " + linkedKey, "new.example"));
    }

    @Test
    void theKeyMayBeWrittenBeforeTheChain() throws IOException {
        Files.writeString(key, NEW.keyPem());
        assertHealsWith(() -> Files.writeString(chain, NEW.pem()));
    }

    @Test
    void theChainMayBeWrittenBeforeTheKey() throws IOException {
        Files.writeString(chain, NEW.pem());
        assertHealsWith(() -> Files.writeString(key, NEW.keyPem()));
    }

    private interface Step {
        void run() throws IOException;
    }

    private void assertHealsWith(Step second) throws IOException {
        watcher.check();
        assertShows(OLD);
        second.run();
        watcher.check();
        assertShows(NEW);
        assertThat(log.messages).hasSize(2);
        assertThat(log.messages.getFirst())
                .startsWith(
                        "WARNING The changed certificate of https.certificate is not used, and the"
                                + " one from before stays. The key "
                                + key
                                + " of https.certificate does not belong to the certificate in "
                                + chain);
        assertThat(log.messages.getLast()).isEqualTo(reloaded());
    }

    @Test
    void aBrokenFileIsToldOnceAndAgainWhenItChanges() throws IOException {
        LoadedCertificate before = watcher.current();
        String warning =
                "WARNING The changed certificate of https.certificate is not used, and the one from"
                        + " before stays. The certificate file "
                        + chain
                        + " of https.certificate is damaged: the block that begins in line 1 has no"
                        + " END line of its own. Copy the file again.";
        Files.writeString(chain, NEW.pem().substring(0, 100));
        watcher.check();
        watcher.check();
        Files.setLastModifiedTime(chain, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        watcher.check();
        watcher.check();
        assertThat(log.messages).containsExactly(warning);

        Files.writeString(chain, NEW.pem().substring(0, 200));
        watcher.check();
        watcher.check();
        assertThat(log.messages).containsExactly(warning, warning);
        assertThat(watcher.current()).isSameAs(before);

        Files.writeString(chain, OLD.pem());
        watcher.check();
        watcher.check();
        assertThat(watcher.current()).as("what it was made of is back").isSameAs(before);
        assertThat(log.messages).hasSize(2);
    }

    @Test
    void aFileThatIsGoneIsToldOnceAndFoundAgain() throws IOException {
        Files.delete(key);
        watcher.check();
        watcher.check();
        watcher.check();
        assertShows(OLD);
        assertThat(log.messages)
                .containsExactly(
                        "WARNING The changed certificate of https.certificate is not used, and the"
                                + " one from before stays. The key file "
                                + key
                                + " of https.certificate does not exist: create it, or correct the"
                                + " path.");
        Files.writeString(chain, NEW.pem());
        Files.writeString(key, NEW.keyPem());
        watcher.check();
        assertShows(NEW);
        assertThat(log.messages).hasSize(2).last().isEqualTo(reloaded());
    }

    @Test
    void aKeyStoreIsWatchedToo() throws Exception {
        Path store = Files.copy(Fixtures.file("rsa.p12"), directory.resolve("server.p12"));
        watcher = watch(ServerCertificate.pkcs12(store, Fixtures.PASSWORD));
        assertThat(watcher.current().dnsNames()).contains("rsa.example");
        Files.copy(Fixtures.file("ec-no-password.p12"), store, StandardCopyOption.REPLACE_EXISTING);
        watcher.check();
        assertThat(watcher.current().dnsNames()).contains("rsa.example");
        assertThat(log.messages)
                .containsExactly(
                        "WARNING The changed certificate of https.certificate is not used, and the"
                                + " one from before stays. The key store file "
                                + store
                                + " of https.certificate is not opened by its password: correct the"
                                + " password.");
    }

    @Test
    void whatIsInMemoryIsNotWatched() throws Exception {
        assertThat(watcher.isWatchable()).isTrue();
        watcher = watch(ServerCertificate.of(OLD.keys().getPrivate(), List.of(OLD.certificate())));
        assertThat(watcher.isWatchable()).isFalse();
        LoadedCertificate before = watcher.current();
        watcher.check();
        assertThat(watcher.current()).isSameAs(before);
        assertThat(watch(ServerCertificate.of(javax.net.ssl.SSLContext.getDefault())).isWatchable())
                .isFalse();
    }

    @Test
    void aCertificateThatCanNotBeLoadedDoesNotOpen() throws IOException {
        Files.delete(key);
        assertThatThrownBy(() -> watch(ServerCertificate.pem(chain, key)))
                .isInstanceOf(CertificateLoadException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void theLastDaysOfACertificateThatNobodyRenewsAreTold() throws Exception {
        Instant end = clock.now().plus(Duration.ofDays(10)).truncatedTo(ChronoUnit.SECONDS);
        TestCertificate ending =
                TestCertificate.named("a.example")
                        .valid(Instant.parse("2020-01-01T00:00:00Z"), end)
                        .make();
        watcher =
                watch(
                        ServerCertificate.of(
                                ending.keys().getPrivate(), List.of(ending.certificate())));
        watcher.check();
        assertThat(log.messages).isEmpty();
        clock.pass(Duration.ofDays(4));
        watcher.check();
        watcher.check();
        String soon =
                "WARNING The certificate of https.certificate (a.example) ends on "
                        + end
                        + ": renew it.";
        assertThat(log.messages).containsExactly(soon);
        clock.pass(Duration.ofDays(7));
        watcher.check();
        watcher.check();
        assertThat(log.messages)
                .containsExactly(
                        soon,
                        "WARNING The certificate of https.certificate (a.example) ended on "
                                + end
                                + ", and clients refuse it: renew it.");
    }

    @Test
    void theWarningsOfALoadAreLoggedAtTheStartAndAfterAReload() throws Exception {
        TestCertificate nameless = TestCertificate.named("n.example").dnsNames().make();
        Files.writeString(chain, nameless.pem());
        Files.writeString(key, nameless.keyPem());
        String warning =
                "WARNING The certificate "
                        + chain
                        + " of https.certificate (CN=n.example) has no subjectAltName, and clients"
                        + " refuse it: ask for a certificate that lists its host names there.";
        watcher.check();
        assertThat(log.messages).hasSize(2).last().isEqualTo(warning);
        watch(ServerCertificate.pem(chain, key));
        assertThat(log.messages).hasSize(3).last().isEqualTo(warning);
    }
}
