package dev.kestrel.tls.boringssl;

import io.netty.handler.ssl.OpenSsl;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where BoringSSL does not work there is nothing to test: otherwise the JDK's would be. */
public final class NativeLibraryCondition implements ExecutionCondition {

    /** Made by {@link java.util.ServiceLoader}. */
    public NativeLibraryCondition() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return OpenSsl.isAvailable()
                ? ConditionEvaluationResult.enabled("BoringSSL works")
                : ConditionEvaluationResult.disabled(
                        "BoringSSL does not work on this machine: "
                                + BoringSslEngineProvider.reason(OpenSsl.unavailabilityCause()));
    }
}
