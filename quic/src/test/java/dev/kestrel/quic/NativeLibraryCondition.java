package dev.kestrel.quic;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where the native library does not work there is nothing to test. */
public final class NativeLibraryCondition implements ExecutionCondition {

    /** Made by {@link java.util.ServiceLoader}. */
    public NativeLibraryCondition() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String problem = QuicLibrary.INSTANCE.unavailable();
        return problem == null
                ? ConditionEvaluationResult.enabled("QUIC works")
                : ConditionEvaluationResult.disabled(problem);
    }
}
