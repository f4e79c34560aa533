package dev.kestrel.tls.boringssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kestrel.connections.tls.TlsEngineProvider;

import org.junit.jupiter.api.Test;

import java.util.ServiceLoader;

class BoringSslEngineProviderTest {

    @Test
    void coreFindsIt() {
        assertThat(ServiceLoader.load(TlsEngineProvider.class))
                .singleElement()
                .satisfies(
                        provider -> {
                            assertThat(provider.name()).isEqualTo("boringssl");
                            assertThat(provider.isAvailable()).isTrue();
                        });
    }

    @Test
    void theReasonIsTheLastCause() {
        Throwable problem =
                new IllegalStateException(
                        "failed to load", new UnsatisfiedLinkError("no such file"));
        assertThat(BoringSslEngineProvider.reason(problem)).contains("no such file");
    }
}
