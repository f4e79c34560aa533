package dev.kestrel.internal.tls;

import static dev.kestrel.internal.tls.Fixtures.PASSWORD;
import static dev.kestrel.internal.tls.Fixtures.file;
import static dev.kestrel.internal.tls.Fixtures.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kestrel.options.ServerCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Each mistake has a message with the file, the configuration key, what is wrong and the fix. */
class CertificateMessagesTest {

    private static final TestCertificate SERVER = TestCertificate.named("a.example").make();

    @TempDir Path directory;

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private Path goodChain() throws IOException {
        return write("chain.pem", SERVER.pem());
    }

    private Path goodKey() throws IOException {
        return write("key.pem", SERVER.keyPem());
    }

    private static void assertRefused(ServerCertificate source, String message) {
        assertThatThrownBy(() -> load(source))
                .isInstanceOf(CertificateLoadException.class)
                .hasMessage(message);
    }

    /** The certificate file has this wrong with it. */
    private void chainRefused(Path chain, String problem) throws IOException {
        assertRefused(
                ServerCertificate.pem(chain, goodKey()),
                "The certificate file " + chain + " of https.certificate " + problem);
    }

    /** The key file has this wrong with it. */
    private void keyRefused(Path key, String problem) throws IOException {
        assertRefused(
                ServerCertificate.pem(goodChain(), key),
                "The key file " + key + " of https.certificate " + problem);
    }

    @Test
    void aFileThatIsMissing() throws IOException {
        chainRefused(
                directory.resolve("none.pem"), "does not exist: create it, or correct the path.");
        keyRefused(
                directory.resolve("none.pem"), "does not exist: create it, or correct the path.");
        Path store = directory.resolve("none.p12");
        assertRefused(
                ServerCertificate.pkcs12(store, PASSWORD),
                "The key store file "
                        + store
                        + " of https.certificate does not exist: create it, or correct the path.");
    }

    @Test
    void aPathIsShownInFull() {
        Path relative = Path.of("no-such-directory", "chain.pem");
        assertRefused(
                ServerCertificate.pem(relative),
                "The certificate file "
                        + relative.toAbsolutePath()
                        + " of https.certificate does not exist: create it, or correct the path.");
    }

    @Test
    void aDirectory() throws IOException {
        chainRefused(directory, "is a directory: name a file in it.");
    }

    @Test
    void aFileThatIsNotARegularOne() throws IOException {
        Path device = Path.of("/dev/zero");
        assumeThat(device).exists();
        chainRefused(device, "is not a regular file: copy what it holds into one.");
    }

    @Test
    void aFileThatMayNotBeRead() throws IOException {
        String problem =
                "can not be read: let the user that the server runs as ("
                        + System.getProperty("user.name")
                        + ") read it and enter its directories.";
        Path key = goodKey();
        CertificateFile file =
                new CertificateFile("key file", key, "https.certificate", new byte[0]);
        assertThat(file.unreadable(new AccessDeniedException(key.toString())))
                .hasMessage("The key file " + key + " of https.certificate " + problem);

        assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("---------"));
        // The superuser reads everything.
        assumeThat(Files.isReadable(key)).isFalse();
        assertRefused(
                ServerCertificate.pem(goodChain(), key),
                "The key file " + key + " of https.certificate " + problem);
    }

    @Test
    void anEmptyFile() throws IOException {
        chainRefused(write("e.pem", ""), "is empty: put the certificate into it.");
        keyRefused(write("e.pem", ""), "is empty: put the key into it.");
    }

    @Test
    void aFileThatIsFarTooLarge() throws IOException {
        keyRefused(
                write("large.pem", "x".repeat((1 << 20) + 1)),
                "is larger than 1048576 bytes, so it is not what it should be: correct the path.");
        // One byte less is read.
        String text = "x".repeat((1 << 20) - SERVER.keyPem().length() - 1) + "\n";
        Path key = write("just.pem", text + SERVER.keyPem());
        assertThat(Files.size(key)).isEqualTo(1 << 20);
        assertThat(load(ServerCertificate.pem(goodChain(), key)).chain()).hasSize(1);
    }

    @Test
    void aFileThatIsSomethingElse() throws IOException {
        String problem =
                "is neither PEM (it has no -----BEGIN line) nor a certificate or key in DER:"
                        + " correct the path, or convert the file to PEM.";
        chainRefused(write("text.pem", "hello\n"), problem);
        keyRefused(write("text.pem", "0\u0003"), problem);
        chainRefused(file("rsa.p12"), "is a key store: configure it as one, with its password.");
        Path utf16 = directory.resolve("utf16.pem");
        Files.write(utf16, ("\ufeff" + SERVER.pem()).getBytes(StandardCharsets.UTF_16LE));
        chainRefused(utf16, "is text in UTF-16: save it as plain ASCII or UTF-8.");
    }

    @Test
    void aFileWithoutACertificate() throws IOException {
        chainRefused(
                write("k.pem", SERVER.keyPem()),
                "holds a private key and no certificate: add the certificate, or swap the files"
                        + " when they are the wrong way round.");
        chainRefused(
                file("rsa-public.pem"),
                "holds no certificate: name the file with the certificate.");
        chainRefused(
                file("rsa.csr"),
                "holds a request for a certificate, not a certificate: name the file that the"
                        + " authority has answered with.");
        chainRefused(
                file("rsa-trusted.crt"),
                "holds a certificate in a form of OpenSSL's own: convert it with \"openssl x509"
                        + " -in OLD -out NEW\".");
        for (String pkcs7 : new String[] {"rsa.p7b", "rsa-der.p7b"}) {
            chainRefused(
                    file(pkcs7),
                    "holds certificates in PKCS#7: convert it with \"openssl pkcs7 -print_certs"
                            + " -in OLD -out NEW\" (and -inform DER when it is binary).");
        }
    }

    @Test
    void aFileWithoutAPrivateKey() throws IOException {
        keyRefused(
                write("c.pem", SERVER.pem()),
                "holds a certificate and no private key: name the file with the private key.");
        keyRefused(
                file("rsa-public.pem"),
                "holds a public key and no private key: name the file with the private one.");
        keyRefused(
                write("x.pem", TestCertificate.pem("DH PARAMETERS", new byte[] {0x30, 0})),
                "holds no private key: name the file with the private key.");
        Path both = goodChain();
        assertRefused(
                ServerCertificate.pem(both),
                "The certificate file "
                        + both
                        + " of https.certificate holds a certificate and no private key: name the"
                        + " file with the private key.");
    }

    @Test
    void severalPrivateKeys() throws IOException {
        keyRefused(
                write("two.pem", SERVER.keyPem() + SERVER.keyPem()),
                "holds 2 private keys (lines 1, "
                        + (SERVER.keyPem().lines().count() + 1)
                        + "): leave only the one that belongs to the certificate.");
    }

    @Test
    void aFormOfKeyThatNobodyKnows() throws IOException {
        keyRefused(
                write("x.pem", TestCertificate.pem("TSS2 PRIVATE KEY", new byte[] {0x30, 0})),
                "holds a private key in a form that is not known here: convert it with \"openssl"
                        + " pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW\".");
        keyRefused(
                write("x.pem", TestCertificate.pem("DSA PRIVATE KEY", new byte[] {0x30, 0})),
                "holds a DSA key, which TLS no longer uses: take an RSA, EC or Ed25519 key, and a"
                        + " new certificate for it.");
    }

    @Test
    void aFileThatIsDamaged() throws IOException {
        String pem = SERVER.pem();
        chainRefused(
                write("cut.pem", "text\n" + pem.substring(0, pem.length() / 2)),
                "is damaged: the block that begins in line 2 has no END line of its own. Copy the"
                        + " file again.");
        chainRefused(
                write("other-end.pem", pem.replace("END CERTIFICATE", "END KEY")),
                "is damaged: the block that begins in line 1 has no END line of its own. Copy the"
                        + " file again.");
        chainRefused(
                write("twice.pem", "-----BEGIN CERTIFICATE-----\n" + pem),
                "is damaged: the block that begins in line 1 has no END line of its own. Copy the"
                        + " file again.");
        chainRefused(
                write("end.pem", pem + "-----END CERTIFICATE-----\n"),
                "is damaged in line "
                        + (pem.lines().count() + 1)
                        + ": a BEGIN or END stands there alone or is not whole. Copy the file"
                        + " again.");
        chainRefused(
                write("joined.pem", pem.strip() + pem),
                "has a BEGIN in the middle of line "
                        + pem.lines().count()
                        + ": put a line break before it. Files were probably joined without one.");
        chainRefused(
                write("base64.pem", pem.replaceFirst("\nMII", "\nM!I")),
                "is damaged: the block that begins in line 1 is not Base64. Copy the file again.");
        byte[] longer = java.util.Arrays.copyOf(SERVER.der(), SERVER.der().length + 1);
        chainRefused(
                write("longer.pem", TestCertificate.pem("CERTIFICATE", longer)),
                "is damaged: the certificate that begins in line 1 has bytes behind its end. Copy"
                        + " the file again.");
        byte[] key = SERVER.keys().getPrivate().getEncoded();
        keyRefused(
                write(
                        "k.pem",
                        TestCertificate.pem("PRIVATE KEY", java.util.Arrays.copyOf(key, 50))),
                "is damaged: its private key is cut off. Copy the file again.");
        keyRefused(
                write("k.pem", TestCertificate.pem("PRIVATE KEY", TestCertificate.sequence())),
                "is damaged: its private key has another structure. Copy the file again.");
        byte[] nonsense = {0x30, 3, 2, 1, 5};
        assertThatThrownBy(
                        () ->
                                load(
                                        ServerCertificate.pem(
                                                write(
                                                        "n.pem",
                                                        TestCertificate.pem(
                                                                "CERTIFICATE", nonsense)))))
                .hasMessageStartingWith(
                        "The certificate file "
                                + directory.resolve("n.pem")
                                + " of https.certificate is damaged: the certificate that begins in"
                                + " line 1 can not be read (");
    }

    @Test
    void aKeyThatDoesNotBelongToTheCertificate() throws IOException {
        Path key = write("other.pem", TestCertificate.named("b.example").make().keyPem());
        assertRefused(
                ServerCertificate.pem(goodChain(), key),
                "The key "
                        + key
                        + " of https.certificate does not belong to the certificate in "
                        + goodChain()
                        + ": another EC key was certified there. Configure the key that the"
                        + " certificate (a.example) was requested with, or a certificate for this"
                        + " key.");
        assertRefused(
                ServerCertificate.pem(goodChain(), file("rsa-pkcs1.pem")),
                "The key "
                        + file("rsa-pkcs1.pem")
                        + " of https.certificate does not belong to the certificate in "
                        + goodChain()
                        + ": it is of the kind RSA, the certified one of the kind EC. Configure the"
                        + " key that the certificate (a.example) was requested with, or a"
                        + " certificate for this key.");
        Path both =
                write(
                        "both.pem",
                        SERVER.pem() + TestCertificate.named("b.example").make().keyPem());
        assertThatThrownBy(() -> load(ServerCertificate.pem(both)))
                .hasMessageStartingWith(
                        "The key in "
                                + both
                                + " of https.certificate does not belong to the certificate in the"
                                + " same file: another EC key");
        assertThatThrownBy(
                        () ->
                                load(
                                        ServerCertificate.of(
                                                TestCertificate.keys("EC", 384).getPrivate(),
                                                java.util.List.of(SERVER.certificate()))))
                .hasMessageStartingWith(
                        "The key of https.certificate does not belong to the certificate that it"
                                + " was given with: another EC key");
    }

    @Test
    void aKeyThatIsTooWeak() throws IOException {
        TestCertificate weak =
                TestCertificate.named("a.example").keys(TestCertificate.keys("RSA", 1024)).make();
        assertRefused(
                ServerCertificate.of(
                        weak.keys().getPrivate(), java.util.List.of(weak.certificate())),
                "The key of https.certificate has 1024 bits, which is too weak for RSA: take one of"
                        + " at least 2048 bits, and a new certificate for it.");
    }

    @Test
    void aKeyOfAKindThatTlsDoesNotUse() {
        assertRefused(
                ServerCertificate.of(
                        TestCertificate.keys("DSA", 2048).getPrivate(),
                        java.util.List.of(SERVER.certificate())),
                "The key of https.certificate is a DSA key, which TLS does not use: take an RSA, EC"
                        + " or Ed25519 key, and a new certificate for it.");
    }

    /** RFC 5280 section 4.2.1.12: "the certificate MUST only be used for one of the purposes". */
    @Test
    void aCertificateForAnotherPurpose() throws Exception {
        TestCertificate client =
                TestCertificate.named("a.example").purposes(TestCertificate.CLIENT_AUTH).make();
        Path both = write("client.pem", client.pem() + client.keyPem());
        assertRefused(
                ServerCertificate.pem(both),
                "The certificate "
                        + both
                        + " of https.certificate (a.example) is not for servers: its extended key"
                        + " usage lacks serverAuth. Ask for a certificate with it.");
        for (String purpose : Set.of(TestCertificate.SERVER_AUTH, TestCertificate.ANY_PURPOSE)) {
            TestCertificate server =
                    TestCertificate.named("a.example")
                            .purposes(TestCertificate.CLIENT_AUTH, purpose)
                            .make();
            Path good = write("server.pem", server.pem() + server.keyPem());
            assertThat(load(ServerCertificate.pem(good)).warnings()).isEmpty();
        }
    }

    /** Whatever is wrong, neither a password nor a line of a key is in the message. */
    @Test
    void noMessageShowsASecret() throws IOException {
        String base64 =
                SERVER.keyPem()
                        .lines()
                        .skip(1)
                        .takeWhile(line -> !line.startsWith("-"))
                        .toList()
                        .getFirst();
        String damaged = SERVER.keyPem().replace(base64.substring(0, 8), "!" + base64);
        Path key = write("k.pem", damaged);
        assertThatThrownBy(() -> load(ServerCertificate.pem(goodChain(), key)))
                .satisfies(
                        thrown -> {
                            for (Throwable each = thrown; each != null; each = each.getCause()) {
                                assertThat(each.toString())
                                        .doesNotContain(base64.substring(0, 8))
                                        .doesNotContain("haracter");
                            }
                        });
        assertThatThrownBy(
                        () ->
                                load(
                                        ServerCertificate.pem(
                                                        file("rsa.crt"),
                                                        file("rsa-pbes2-aes256.pem"))
                                                .withPassword("sesame-open")))
                .hasNoCause()
                .hasMessageNotContaining("sesame");
        assertThatThrownBy(() -> load(ServerCertificate.pkcs12(file("rsa.p12"), "sesame-open")))
                .hasNoCause()
                .hasMessageNotContaining("sesame");
    }
}
