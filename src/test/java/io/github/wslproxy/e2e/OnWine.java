package io.github.wslproxy.e2e;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test the {@link WineNetwork}, or has it skipped with the reason where there cannot be one. */
final class OnWine implements ExecutionCondition, ParameterResolver {
    private static final String[] PROGRAMS = {"ip", "curl", "dig", "dnsmasq", "python3"};

    /** Asked for each test, found out once. */
    private static final ConditionEvaluationResult CONDITION = condition();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return CONDITION;
    }

    private static ConditionEvaluationResult condition() {
        try {
            return missing()
                    .map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("Wine is here"));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("cannot find out whether Wine is here", e);
        }
    }

    private static Optional<String> missing() throws IOException, InterruptedException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of("Wine and network namespaces are Linux's");
        }
        if (!Shell.run("id", "-u").out().strip().equals("0")) {
            return Optional.of("network namespaces need root");
        }
        if (!Charset.forName(System.getProperty("sun.jnu.encoding")).equals(StandardCharsets.UTF_8)) {
            return Optional.of("this JVM cannot name a folder with an umlaut: run it under a UTF-8 locale");
        }
        for (String program : PROGRAMS) {
            if (!Shell.has(program)) {
                return Optional.of(program + " is not installed; .ci/run installs it");
            }
        }
        return Wine.missing().map(what -> what + "; src/test/wine/setup.sh install brings it");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == WineNetwork.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(WineNetwork.class, unused -> boot(), WineNetwork.class);
    }

    private static WineNetwork boot() {
        try {
            return WineNetwork.boot();
        } catch (Exception e) {
            throw new IllegalStateException("the pretend network did not start", e);
        }
    }
}
