package dev.kestrel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every benchmark runs: each checks its own work, and a class that has moved does not rot here. It
 * says nothing about speed.
 */
class BenchmarksTest {

    static Stream<String> benchmarks() {
        Set<BenchmarkListEntry> all =
                BenchmarkList.defaultList()
                        .getAll(
                                OutputFormatFactory.createFormatInstance(
                                        new PrintStream(PrintStream.nullOutputStream()),
                                        VerboseMode.SILENT),
                                List.of());
        return all.stream().map(BenchmarkListEntry::getUsername).distinct();
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void runsOnceWithEachOfItsParameters(String name) throws RunnerException {
        Options once =
                new OptionsBuilder()
                        .include("^" + Pattern.quote(name) + "$")
                        .mode(Mode.SingleShotTime)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build();

        Collection<RunResult> results = new Runner(once).run();

        assertThat(results)
                .isNotEmpty()
                .extracting(RunResult::getParams)
                .extracting(BenchmarkParams::getBenchmark)
                .containsOnly(name);
    }
}
