package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs scenarios and writes their report. */
public final class Main {
    private static final List<Scenario> SCENARIOS = List.of(
            new WarmReads(),
            new WarmLoad(),
            new ColdMapping(),
            new RemoteReads(),
            new PageReads(),
            new ClusterScaling(),
            new ManyReaders(),
            new ClusterReaders(),
            new ColdDownload(),
            new Starts(),
            new ClusterStarts(),
            new CatalogRows(),
            new Listings(),
            new SmallFiles(),
            new Startup(),
            new LimitedWorker());
    private static final int REPETITIONS = 5;
    private static final double QUICK_SCALE = 1.0 / 16;

    private record Choice(Path repository, boolean quick, Set<String> ids) {
        boolean wants(Scenario scenario) {
            return ids.isEmpty() || ids.contains(scenario.id());
        }
    }

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        System.exit(run(parse(arguments), System.out) ? 0 : 1);
    }

    private static Choice parse(String[] arguments) {
        Path repository = Path.of("").toAbsolutePath();
        boolean quick = false;
        Set<String> ids = new HashSet<>();
        Set<String> known = new HashSet<>(SCENARIOS.stream().map(Scenario::id).toList());
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--repository" -> repository = Path.of(arguments[++i]);
                case "--quick" -> quick = true;
                case String id when known.contains(id) -> ids.add(id);
                case String other ->
                    throw new IllegalArgumentException("unknown argument " + other + "; scenarios are " + known);
            }
        }
        return new Choice(repository, quick, ids);
    }

    private static boolean run(Choice choice, PrintStream out) throws IOException {
        Path scratch = Files.createTempDirectory(Path.of("/var/tmp"), "headrace-bench-");
        Report report = new Report(machine());
        try (Workbench bench = new Workbench(
                choice.repository, scratch, choice.quick ? 1 : REPETITIONS, choice.quick ? QUICK_SCALE : 1)) {
            for (Scenario scenario : SCENARIOS) {
                if (choice.wants(scenario)) {
                    out.println(scenario.id() + ": " + scenario.question());
                    measure(scenario, bench, report);
                    report.writeTo(choice.repository.resolve("benchmarks/target/figures"));
                }
            }
        }
        out.println(report.markdown());
        return report.complete();
    }

    /** A scenario that fails is reported as not measured, and the others still run. */
    @SuppressWarnings("IllegalCatch")
    private static void measure(Scenario scenario, Workbench bench, Report report) {
        try {
            report.add(scenario, scenario.run(bench));
        } catch (Exception failure) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            report.addFailure(scenario, failure);
        }
    }

    private static String machine() throws IOException {
        String cpu = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 2))
                .orElse("unknown processor");
        return "%d × %s, Linux %s, Java %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        cpu,
                        System.getProperty("os.version"),
                        Runtime.version());
    }
}
