package dev.kestrel.internal.tls;

import static dev.kestrel.internal.tls.Fixtures.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.serving.ManualTime;
import dev.kestrel.options.ServerCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** The chain that is sent, and what its owner is warned about. */
class CertificateChainTest {

    private static final TestCertificate ROOT = authority("Root", null);
    private static final TestCertificate MIDDLE = authority("Middle", ROOT);
    private static final TestCertificate LAST = authority("Last", MIDDLE);
    private static final TestCertificate SERVER =
            TestCertificate.named("a.example").issuedBy(LAST).make();
    private static final TestCertificate STRANGER = authority("Stranger", null);

    private static TestCertificate authority(String name, TestCertificate issuer) {
        return TestCertificate.named(name).dnsNames().authority().issuedBy(issuer).make();
    }

    private static LoadedCertificate.KeyAndChain loaded(
            TestCertificate server, TestCertificate... chain) throws Exception {
        List<X509Certificate> given =
                Arrays.stream(chain).map(TestCertificate::certificate).toList();
        return load(ServerCertificate.of(server.keys().getPrivate(), given));
    }

    /** RFC 8446 section 4.4.2: "The sender's certificate MUST come in the first". */
    @Test
    void certificatesMayBeGivenInAnyOrder() throws Exception {
        List<X509Certificate> expected =
                List.of(
                        SERVER.certificate(),
                        LAST.certificate(),
                        MIDDLE.certificate(),
                        ROOT.certificate());
        assertThat(loaded(SERVER, SERVER, LAST, MIDDLE, ROOT).chain()).isEqualTo(expected);
        LoadedCertificate.KeyAndChain mixed = loaded(SERVER, ROOT, LAST, SERVER, MIDDLE);
        assertThat(mixed.chain()).isEqualTo(expected);
        assertThat(mixed.leaf()).isEqualTo(SERVER.certificate());
        assertThat(mixed.warnings()).isEmpty();
    }

    @Test
    void aCertificateThatIsGivenTwiceIsSentOnce() throws Exception {
        assertThat(loaded(SERVER, SERVER, LAST, SERVER, LAST).chain()).hasSize(2);
    }

    @Test
    void theRootNeedNotBeThere() throws Exception {
        assertThat(loaded(SERVER, SERVER, LAST).chain()).hasSize(2);
        assertThat(loaded(SERVER, SERVER).warnings()).isEmpty();
    }

    @Test
    void whatDoesNotBelongToTheChainIsLeftOutWithAWarning() throws Exception {
        LoadedCertificate.KeyAndChain loaded = loaded(SERVER, SERVER, STRANGER, LAST, ROOT);
        assertThat(loaded.chain()).hasSize(2);
        assertThat(loaded.warnings())
                .containsExactly(
                        "The certificate of https.certificate comes with certificates that do not"
                                + " belong to its chain and are not sent to clients: CN=Stranger;"
                                + " CN=Root. Take them out, or add what is missing between.");
    }

    /** Authorities keep their name when they change their key. */
    @Test
    void theIssuerIsTheOneThatSignedAndNotAnotherOfItsName() throws Exception {
        TestCertificate namesake = authority("Last", MIDDLE);
        assertThat(loaded(SERVER, SERVER, namesake, LAST).chain())
                .containsExactly(SERVER.certificate(), LAST.certificate());
    }

    @Test
    void twoAuthoritiesThatCertifyEachOtherEndTheChain() throws Exception {
        TestCertificate one = authority("One", null);
        TestCertificate two = authority("Two", one);
        TestCertificate oneByTwo =
                TestCertificate.named("One").authority().keys(one.keys()).issuedBy(two).make();
        TestCertificate server = TestCertificate.named("a.example").issuedBy(two).make();
        assertThat(loaded(server, server, oneByTwo, two).chain()).hasSize(3);
    }

    @Test
    void theNamesAreThoseOfTheSubjectAltNameInLowerCase() throws Exception {
        TestCertificate server =
                TestCertificate.named("ignored.example")
                        .dnsNames("A.Example", "*.b.example", "line\nbreak.example")
                        .make();
        LoadedCertificate.KeyAndChain loaded = loaded(server, server);
        assertThat(loaded.dnsNames())
                .containsExactly("a.example", "*.b.example", "line?break.example");
        assertThat(loaded.toString())
                .isEqualTo("certificate of a.example, *.b.example, line?break.example");
    }

    @Test
    void theOwnerIsWarnedBeforeTheEndAndAfterIt() throws Exception {
        ManualTime clock = new ManualTime();
        Instant now = clock.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        assertThat(warnings(now.minus(Duration.ofDays(90)), now.plus(Duration.ofDays(8))))
                .isEmpty();
        Instant soon = now.plus(Duration.ofDays(6));
        assertThat(warnings(now.minus(Duration.ofDays(90)), soon))
                .containsExactly(
                        "The certificate of https.certificate (a.example) ends on "
                                + soon
                                + ": renew it.");
        assertThat(warnings(now.minus(Duration.ofDays(90)), now.minusSeconds(1)))
                .containsExactly(
                        "The certificate of https.certificate (a.example) ended on "
                                + now.minusSeconds(1)
                                + ", and clients refuse it: renew it.");
        Instant later = now.plusSeconds(5);
        assertThat(warnings(later, now.plus(Duration.ofDays(90))))
                .containsExactly(
                        "The certificate of https.certificate (a.example) is not valid before "
                                + later
                                + ", and clients refuse it until then: check the clock of this"
                                + " machine.");
    }

    /** A certificate of six days would otherwise be warned about all its life. */
    @Test
    void aShortLivedCertificateIsWarnedAboutInItsLastThird() throws Exception {
        Instant now = new ManualTime().now();
        assertThat(warnings(now.minus(Duration.ofDays(3)), now.plus(Duration.ofDays(3)))).isEmpty();
        assertThat(warnings(now.minus(Duration.ofDays(5)), now.plus(Duration.ofDays(1))))
                .hasSize(1);
    }

    @Test
    void anIssuerThatEndsIsTold() throws Exception {
        Instant now = new ManualTime().now();
        TestCertificate issuer =
                TestCertificate.named("Old")
                        .authority()
                        .valid(
                                now.minus(Duration.ofDays(90)),
                                Instant.parse("2026-12-01T00:00:00Z"))
                        .make();
        TestCertificate server = TestCertificate.named("a.example").issuedBy(issuer).make();
        assertThat(loaded(server, server, issuer).warnings())
                .containsExactly(
                        "The certificate of https.certificate: the issuer's certificate in its chain"
                                + " (CN=Old) ended on 2026-12-01T00:00:00Z, and clients refuse it:"
                                + " renew it.");
    }

    private static List<String> warnings(Instant begin, Instant end) throws Exception {
        TestCertificate server = TestCertificate.named("a.example").valid(begin, end).make();
        return loaded(server, server).warnings();
    }

    /** RFC 8446 section 4.4.2.2: "the digitalSignature bit MUST be set". */
    @Test
    void aKeyUsageWithoutSignaturesIsTold() throws Exception {
        TestCertificate old = TestCertificate.named("a.example").keyUsage(0x20).make();
        assertThat(loaded(old, old).warnings())
                .containsExactly(
                        "The certificate of https.certificate (a.example) has a key usage without"
                                + " digitalSignature, and many clients refuse it: ask for a"
                                + " certificate with it.");
        TestCertificate good = TestCertificate.named("a.example").keyUsage(0xa0).make();
        assertThat(loaded(good, good).warnings()).isEmpty();
    }

    @Test
    void aCertificateWithoutNamesIsTold() throws Exception {
        TestCertificate nameless = TestCertificate.named("a.example").dnsNames().make();
        LoadedCertificate.KeyAndChain loaded = loaded(nameless, nameless);
        assertThat(loaded.dnsNames()).isEmpty();
        assertThat(loaded.warnings())
                .containsExactly(
                        "The certificate of https.certificate (CN=a.example) has no"
                                + " subjectAltName, and clients refuse it: ask for a certificate"
                                + " that lists its host names there.");
    }

    /** RFC 7468 section 2: "Data before the encapsulation boundaries are permitted". */
    @Test
    void textBetweenBlocksIsIgnoredAndTextBehindThemIsTold(@TempDir Path directory)
            throws Exception {
        Path chain = directory.resolve("chain.pem");
        Files.writeString(chain, "# leaf\n" + SERVER.pem() + "# issuer\n" + LAST.pem() + "\n \t\n");
        Path key = Files.writeString(directory.resolve("key.pem"), SERVER.keyPem());
        assertThat(load(ServerCertificate.pem(chain, key)).warnings()).isEmpty();

        Files.writeString(key, SERVER.keyPem() + "\nMIIB\n");
        assertThat(load(ServerCertificate.pem(chain, key)).warnings())
                .containsExactly(
                        "The key file "
                                + key
                                + " of https.certificate has text behind its last block, from line "
                                + (SERVER.keyPem().lines().count() + 2)
                                + " on, which is ignored: check that nothing is missing.");
    }

    @Test
    void aContextIsTakenAsItIs() throws Exception {
        javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getDefault();
        LoadedCertificate loaded =
                CertificateLoader.load(
                        ServerCertificate.of(context), "https.certificate", new ManualTime());
        assertThat(loaded).isEqualTo(new LoadedCertificate.Context(context));
        assertThat(loaded.dnsNames()).isEmpty();
    }
}
