package io.headrace.benchmarks.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** Processor time of the whole process for each operation, its own code's and the kernel's: {@code utime} and {@code stime} of proc(5). */
public final class ProcessorTime implements InternalProfiler {
    /** {@code sysconf(_SC_CLK_TCK)} is 100 on Linux wherever Java runs. */
    private static final double MILLIS_PER_TICK = 10;

    private Ticks before = new Ticks(0, 0);

    private record Ticks(long user, long system) {
        static Ticks now() {
            try {
                String stat = Files.readString(Path.of("/proc/self/stat"));
                List<String> fields =
                        List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
                return new Ticks(Long.parseLong(fields.get(11)), Long.parseLong(fields.get(12)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public String getDescription() {
        return "processor time by operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = Ticks.now();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        Ticks after = Ticks.now();
        double operations = result.getMetadata().getMeasuredOps();
        return List.of(
                millis("cpu.user", (after.user() - before.user()) / operations),
                millis("cpu.kernel", (after.system() - before.system()) / operations));
    }

    private static ScalarResult millis(String name, double ticks) {
        return new ScalarResult(name, ticks * MILLIS_PER_TICK, "ms/op", AggregationPolicy.AVG);
    }
}
