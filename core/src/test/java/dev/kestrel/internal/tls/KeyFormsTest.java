package dev.kestrel.internal.tls;

import static dev.kestrel.internal.tls.Fixtures.PASSWORD;
import static dev.kestrel.internal.tls.Fixtures.file;
import static dev.kestrel.internal.tls.Fixtures.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kestrel.options.ServerCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** What OpenSSL 3 writes can be read: each form of a key, with and without a password. */
class KeyFormsTest {

    @ParameterizedTest
    @CsvSource({
        "rsa.crt, rsa-pkcs8.pem, RSA",
        "rsa.crt, rsa-pkcs1.pem, RSA",
        "rsa.crt, rsa-pkcs8.der, RSA",
        "rsa.crt, rsa-pkcs1.der, RSA",
        "rsa.crt, rsa-bag-attributes.pem, RSA",
        "rsa.cer, rsa-pkcs8.pem, RSA",
        "rsa-text.crt, rsa-pkcs8.pem, RSA",
        "pss.crt, pss-pkcs8.pem, RSASSA-PSS",
        "pss384.crt, pss384-pkcs8.pem, RSASSA-PSS",
        "ec.crt, ec-pkcs8.pem, EC",
        "ec.crt, ec-sec1.pem, EC",
        "ec.crt, ec-sec1.der, EC",
        "ec.crt, ec-parameters-sec1.pem, EC",
        "ec384.crt, ec384-pkcs8.pem, EC",
        "ed25519.crt, ed25519-pkcs8.pem, EdDSA",
        "ed448.crt, ed448-pkcs8.pem, EdDSA",
    })
    void aPlainKeyIsRead(String chain, String key, String algorithm) throws Exception {
        LoadedCertificate.KeyAndChain loaded = load(ServerCertificate.pem(file(chain), file(key)));
        assertThat(loaded.key().getAlgorithm()).isEqualTo(algorithm);
        assertThat(loaded.chain()).hasSize(1);
        String name = chain.replaceAll("[-.].*", "") + ".example";
        assertThat(loaded.dnsNames()).containsExactly(name, "*." + name);
        assertThat(loaded.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.crt, rsa-pbes2-aes256.pem",
        "rsa.crt, rsa-pbes2-aes192-sha512.pem",
        "ec.crt, ec-pbes2-aes128-sha1.pem",
        "ec.crt, ec-pbes2-des3.pem",
        "ec.crt, ec-pbes2.der",
        "ec.crt, ec-pbe-sha1-3des.pem",
        "ec.crt, ec-pbe-md5-des.pem",
        "rsa.crt, rsa-traditional-aes128.pem",
        "rsa.crt, rsa-traditional-aes192.pem",
        "rsa.crt, rsa-traditional-aes256.pem",
        "rsa.crt, rsa-traditional-des3.pem",
        "ec.crt, ec-traditional-aes256.pem",
    })
    void anEncryptedKeyIsReadWithItsPasswordAndNoOther(String chain, String key) throws Exception {
        ServerCertificate.PemFiles source = ServerCertificate.pem(file(chain), file(key));
        assertThat(load(source.withPassword(PASSWORD)).chain()).hasSize(1);
        assertThat(load(source.withPassword(PASSWORD.toCharArray())).chain()).hasSize(1);

        String beginning = "The key file " + file(key) + " of https.certificate ";
        assertThatThrownBy(() -> load(source))
                .isInstanceOf(CertificateLoadException.class)
                .hasMessage(
                        beginning + "holds an encrypted private key: give its password as well.");
        for (String wrong : new String[] {"battery-staple", "correct-horsf", "", "ü"}) {
            assertThatThrownBy(() -> load(source.withPassword(wrong)))
                    .isInstanceOf(CertificateLoadException.class)
                    .hasMessage(
                            beginning
                                    + "holds an encrypted private key that the password does not"
                                    + " open: correct the password. (If it is right, the file is"
                                    + " damaged.)");
        }
    }

    /** RFC 8018 section 5.2 takes octets; OpenSSL takes those of the terminal, which is UTF-8. */
    @Test
    void aPasswordMayHaveLettersBeyondAscii() throws Exception {
        ServerCertificate.PemFiles source =
                ServerCertificate.pem(file("ec.crt"), file("ec-pbes2-umlaut.pem"));
        assertThat(load(source.withPassword("schlüssel")).chain()).hasSize(1);
    }

    @Test
    void aPasswordForAKeyThatNeedsNoneIsIgnored() throws Exception {
        ServerCertificate.PemFiles source =
                ServerCertificate.pem(file("ec.crt"), file("ec-sec1.pem"));
        assertThat(load(source.withPassword(PASSWORD)).chain()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ec-scrypt.pem, scrypt",
        "ec-camellia.pem, the cipher 1.2.392.200011.61.1.1.1.4",
        "rsa-traditional-camellia.pem, CAMELLIA-128-CBC",
    })
    void anEncryptionThatIsNotKnownIsNamed(String key, String what) {
        assertThatThrownBy(
                        () ->
                                load(
                                        ServerCertificate.pem(file("ec.crt"), file(key))
                                                .withPassword(PASSWORD)))
                .isInstanceOf(CertificateLoadException.class)
                .hasMessage(
                        "The key file "
                                + file(key)
                                + " of https.certificate holds a private key in an encryption that"
                                + " is not known here ("
                                + what
                                + "): convert it with \"openssl pkcs8 -topk8 -v2 aes-256-cbc -in"
                                + " OLD -out NEW\".");
    }

    @ParameterizedTest
    @CsvSource({
        "ec-other-curve.pem, 'an EC key on another curve than TLS uses here, or one that does not name its curve:"
                + " take one on prime256v1, secp384r1 or secp521r1, stored with the curve''s"
                + " name.'",
        "ec-explicit-sec1.pem, 'an EC key on another curve than TLS uses here, or one that does not name its curve:"
                + " take one on prime256v1, secp384r1 or secp521r1, stored with the curve''s"
                + " name.'",
        "dsa-pkcs8.pem, 'a DSA key, which TLS no longer uses: take an RSA, EC or Ed25519 key, and"
                + " a new certificate for it.'",
        "x25519-pkcs8.pem, 'a key of a kind that is not known here (1.3.101.110): take an RSA, EC"
                + " or Ed25519 key, and a new certificate for it.'",
        "openssh.pem, 'a key in OpenSSH''s own form: convert a copy with \"ssh-keygen -p -m PKCS8"
                + " -f COPY\".'",
    })
    void aKindOfKeyThatTlsDoesNotUseIsNamed(String key, String what) {
        assertThatThrownBy(() -> load(ServerCertificate.pem(file("ec.crt"), file(key))))
                .isInstanceOf(CertificateLoadException.class)
                .hasMessage("The key file " + file(key) + " of https.certificate holds " + what);
    }

    /** RFC 5915 section 3: "parameters [...] MAY be omitted" outside of its own files. */
    @Test
    void anEcKeyWithoutItsCurveTakesThatOfTheCertificate(@TempDir Path directory) throws Exception {
        byte[] whole = Files.readAllBytes(file("ec-sec1.der"));
        DerReader content = DerReader.onlySequence(whole);
        byte[] version = content.readWhole();
        byte[] secret = content.readWhole();
        Path bare = directory.resolve("bare.pem");
        byte[] sec1 = TestCertificate.sequence(version, secret);
        Files.writeString(bare, TestCertificate.pem("EC PRIVATE KEY", sec1));

        assertThat(load(ServerCertificate.pem(file("ec.crt"), bare)).chain()).hasSize(1);
        assertThatThrownBy(() -> load(ServerCertificate.pem(file("ec384.crt"), bare)))
                .hasMessageStartingWith(
                        "The key file "
                                + bare
                                + " of https.certificate holds an EC"
                                + " key that does not name its curve");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa.p12", "rsa-legacy.p12"})
    void aKeyStoreOfOpenSslIsRead(String name) throws Exception {
        assertThat(load(ServerCertificate.pkcs12(file(name), PASSWORD)).dnsNames())
                .contains("rsa.example");
    }

    @Test
    void aKeyStoreWithoutAPasswordIsRead() throws Exception {
        assertThat(load(ServerCertificate.pkcs12(file("ec-no-password.p12"), "")).dnsNames())
                .contains("ec.example");
    }

    /** OpenSSL takes 64 columns, others 76, and some tools none at all. */
    @Test
    void linesOfBase64MayHaveAnyLengthAndAnyEnd(@TempDir Path directory) throws Exception {
        String one =
                "-----BEGIN CERTIFICATE-----\r\n"
                        + Base64.getEncoder().encodeToString(Files.readAllBytes(file("rsa.cer")))
                        + "\r\n-----END CERTIFICATE-----";
        Path chain = directory.resolve("chain.pem");
        Files.writeString(chain, "\ufeff" + one);
        assertThat(load(ServerCertificate.pem(chain, file("rsa-pkcs8.pem"))).warnings()).isEmpty();
    }
}
