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
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;

import javax.crypto.spec.SecretKeySpec;

/** Key stores: their kinds, their entries and their passwords. */
class KeyStoreReaderTest {

    private static final TestCertificate ISSUER =
            TestCertificate.named("Issuer").dnsNames().authority().make();
    private static final TestCertificate A =
            TestCertificate.named("a.example").issuedBy(ISSUER).make();
    private static final TestCertificate B = TestCertificate.named("b.example").make();

    @TempDir Path directory;

    private interface Filling {
        void into(KeyStore store) throws Exception;
    }

    private Path store(String type, Filling filling) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        filling.into(store);
        Path path = directory.resolve("server.store");
        try (OutputStream out = Files.newOutputStream(path)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return path;
    }

    private static void put(KeyStore store, String alias, TestCertificate entry, String password)
            throws Exception {
        Certificate[] chain =
                entry == A
                        ? new Certificate[] {A.certificate(), ISSUER.certificate()}
                        : new Certificate[] {entry.certificate()};
        store.setKeyEntry(alias, entry.keys().getPrivate(), password.toCharArray(), chain);
    }

    private static void assertRefused(ServerCertificate source, Path path, String problem) {
        assertThatThrownBy(() -> load(source))
                .isInstanceOf(CertificateLoadException.class)
                .hasMessage("The key store file " + path + " of https.certificate " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS", "JCEKS"})
    void theKindOfTheStoreIsSeenFromItsContent(String type) throws Exception {
        Path path = store(type, store -> put(store, "server", A, PASSWORD));
        assertThat(load(ServerCertificate.keyStore(path, PASSWORD)).chain())
                .containsExactly(A.certificate(), ISSUER.certificate());
        assertRefused(
                ServerCertificate.keyStore(path, "wrong"),
                path,
                "is not opened by its password: correct the password.");
    }

    @Test
    void severalKeysNeedAnAlias() throws Exception {
        Path path =
                store(
                        "PKCS12",
                        store -> {
                            put(store, "two", B, PASSWORD);
                            put(store, "one", A, PASSWORD);
                            store.setCertificateEntry("authority", ISSUER.certificate());
                        });
        ServerCertificate.KeyStoreFile source = ServerCertificate.keyStore(path, PASSWORD);
        assertThat(load(source.withAlias("two")).dnsNames()).containsExactly("b.example");
        assertThat(load(source.withAlias("ONE")).dnsNames()).containsExactly("a.example");
        assertRefused(
                source,
                path,
                "has several entries with a private key: choose one of the aliases 'one', 'two'.");
        assertRefused(
                source.withAlias("three"),
                path,
                "has no entry 'three': choose one of the aliases 'one', 'two'.");
        assertRefused(
                source.withAlias("authority"),
                path,
                "has no private key in its entry 'authority': choose one of the aliases 'one',"
                        + " 'two'.");
    }

    @Test
    void theOnlyKeyNeedsNoAliasBesideOtherEntries() throws Exception {
        Path path =
                store(
                        "PKCS12",
                        store -> {
                            put(store, "server", B, PASSWORD);
                            store.setCertificateEntry("authority", ISSUER.certificate());
                            store.setKeyEntry(
                                    "secret",
                                    new SecretKeySpec(new byte[16], "AES"),
                                    PASSWORD.toCharArray(),
                                    null);
                        });
        assertThat(load(ServerCertificate.pkcs12(path, PASSWORD)).dnsNames())
                .containsExactly("b.example");
    }

    @Test
    void anEntryMayHaveAPasswordOfItsOwn() throws Exception {
        Path path = store("JKS", store -> put(store, "server", B, "another"));
        ServerCertificate.KeyStoreFile source = ServerCertificate.keyStore(path, PASSWORD);
        assertThat(load(source.withKeyPassword("another")).dnsNames()).containsExactly("b.example");
        String problem =
                "has an entry 'server' whose key has another password: correct the password of the"
                        + " entry, or give it when it differs from that of the store.";
        assertRefused(source, path, problem);
        assertRefused(source.withKeyPassword("wrong"), path, problem);
    }

    @Test
    void aStoreWithoutAKey() throws Exception {
        Path path =
                store(
                        "PKCS12",
                        store -> store.setCertificateEntry("authority", ISSUER.certificate()));
        assertRefused(
                ServerCertificate.pkcs12(path, PASSWORD),
                path,
                "holds no private key, only 'authority': put the certificate's key into it.");
        Path empty = store("JKS", store -> {});
        assertRefused(
                ServerCertificate.keyStore(empty, PASSWORD),
                empty,
                "holds no private key: put the certificate's key into it.");
        assertThatThrownBy(() -> load(ServerCertificate.pkcs12(file("ec-no-key.p12"), PASSWORD)))
                .hasMessageContaining(" holds no private key");
    }

    @Test
    void aFileThatIsNoKeyStore() throws Exception {
        assertRefused(
                ServerCertificate.pkcs12(file("rsa.crt"), PASSWORD),
                file("rsa.crt"),
                "is a PEM file: configure it as PEM, with the file of its key.");
        for (String other : new String[] {"rsa.cer", "rsa-pkcs8.der"}) {
            assertRefused(
                    ServerCertificate.pkcs12(file(other), PASSWORD),
                    file(other),
                    "is not a key store (PKCS#12, JKS or JCEKS): correct the path, or configure its"
                            + " certificate and key as PEM files.");
        }
        byte[] whole = Files.readAllBytes(file("rsa.p12"));
        Path cut = directory.resolve("cut.p12");
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(
                ServerCertificate.pkcs12(cut, PASSWORD),
                cut,
                "is damaged or not a key store: copy or make it again.");
    }

    @Test
    void theEntryIsNamedWhenItsCertificateIsNoGood() throws Exception {
        TestCertificate client =
                TestCertificate.named("c.example").purposes(TestCertificate.CLIENT_AUTH).make();
        Path path = store("PKCS12", store -> put(store, "server", client, PASSWORD));
        assertThatThrownBy(() -> load(ServerCertificate.pkcs12(path, PASSWORD)))
                .hasMessage(
                        "The certificate of entry 'server' in "
                                + path
                                + " of https.certificate (c.example) is not for servers: its"
                                + " extended key usage lacks serverAuth. Ask for a certificate with"
                                + " it.");
    }
}
