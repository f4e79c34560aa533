package dev.kestrel.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.internal.serving.ManualTime;
import dev.kestrel.options.ServerCertificate;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** A damaged file is answered with a message, whatever the damage: nothing else comes out. */
class MutatedFilesTest {

    private static final int ROUNDS = 300;

    @ParameterizedTest
    @CsvSource({
        "rsa.crt, rsa-pkcs8.der, PRIVATE KEY",
        "rsa.crt, rsa-pkcs1.der, RSA PRIVATE KEY",
        "ec.crt, ec-sec1.der, EC PRIVATE KEY",
        "ec.crt, ec-pbes2.der, ENCRYPTED PRIVATE KEY",
    })
    void aDamagedKey(String chain, String key, String label) throws Exception {
        byte[] good = Files.readAllBytes(Fixtures.file(key));
        Random random = new Random(5208);
        CertificateFile chainFile =
                CertificateFile.read("certificate file", Fixtures.file(chain), Fixtures.KEY);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = mutated(good, random);
            // Also as DER, where what it is has to be guessed.
            byte[] content =
                    i % 2 == 0
                            ? bytes
                            : TestCertificate.pem(label, bytes)
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            tryToLoad(chainFile, new CertificateFile("key file", Path.of("k"), "k", content));
        }
    }

    @ParameterizedTest
    @CsvSource({"rsa.crt, rsa-pkcs8.pem", "ec.crt, ec-sec1.pem", "ed25519.crt, ed25519-pkcs8.pem"})
    void aDamagedCertificate(String chain, String key) throws Exception {
        CertificateFile good =
                CertificateFile.read("certificate file", Fixtures.file(chain), Fixtures.KEY);
        byte[] der = FileContent.of(good).certificates().getFirst().getEncoded();
        CertificateFile keyFile =
                CertificateFile.read("key file", Fixtures.file(key), Fixtures.KEY);
        Random random = new Random(5280);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] content =
                    i % 3 == 0
                            ? mutated(good.bytes(), random)
                            : i % 3 == 1
                                    ? mutated(der, random)
                                    : TestCertificate.pem("CERTIFICATE", mutated(der, random))
                                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            tryToLoad(new CertificateFile("certificate file", Path.of("c"), "k", content), keyFile);
        }
    }

    @ParameterizedTest
    @CsvSource({"rsa.p12", "ec-no-password.p12"})
    void aDamagedKeyStore(String store) throws Exception {
        byte[] good = Files.readAllBytes(Fixtures.file(store));
        Random random = new Random(7292);
        ServerCertificate source = ServerCertificate.pkcs12(Path.of("s"), Fixtures.PASSWORD);
        for (int i = 0; i < ROUNDS / 3; i++) {
            // At the beginning lies what is not under the checksum.
            byte[] bytes = mutated(good, random);
            CertificateFile file = new CertificateFile("key store file", Path.of("s"), "k", bytes);
            load(source, List.of(file), bytes);
        }
    }

    private static void tryToLoad(CertificateFile chain, CertificateFile key) {
        ServerCertificate source =
                ServerCertificate.pem(chain.path(), key.path()).withPassword(Fixtures.PASSWORD);
        load(source, List.of(chain, key), key.bytes());
    }

    private static void load(ServerCertificate source, List<CertificateFile> files, byte[] bytes) {
        try {
            CertificateLoader.load(source, files, Fixtures.KEY, new ManualTime().now());
        } catch (CertificateLoadException e) {
            assertThat(e.getMessage()).startsWith("The ");
        } catch (RuntimeException e) {
            throw new AssertionError(Base64.getEncoder().encodeToString(bytes), e);
        }
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            case 1 ->
                    bytes[random.nextInt(Math.min(40, bytes.length))] ^=
                            (byte) (1 << random.nextInt(8));
            case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            default -> {
                for (int i = 0; i < 8; i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
        }
        return bytes;
    }
}
