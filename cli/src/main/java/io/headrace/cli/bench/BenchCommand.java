package io.headrace.cli.bench;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.settings.SettingType;
import io.headrace.protocol.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Reads files in the ways that programs do, and says how fast that was. It works on a mount and on "
                        + "any other directory or file, and writes nothing.",
        footer = {
            "",
            "Patterns:",
            "  sequential   1 MiB reads, each file from its beginning to its end",
            "  mmap         files are mapped, and pages copied in order, as loaders do",
            "  random       4 KiB reads at random places, until time or size is over",
            "  small        files of up to 1 MiB: open, read, close; others read longer",
            "",
            "  headrace bench /mnt/llama                         all that find files",
            "  headrace bench --pattern mmap --threads 8 /mnt/llama",
            "  headrace bench --compare /data/llama /mnt/llama   native files too",
            "",
            "Reads go through the page cache, as a program's do: what was read before is",
            "faster. For a first read out of the origin run 'headrace evict DIR' before, and",
            "one pattern at a time; for a first read out of the cache, as root,",
            "'echo 3 > /proc/sys/vm/drop_caches'. Run it more than once: other work on the",
            "machine shows in the figures."
        })
public final class BenchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATH", description = "A mount, a directory or a file.")
    private Path path = Path.of(".");

    @Option(
            names = "--pattern",
            split = ",",
            paramLabel = "PATTERN",
            description = "What to run, in this order: ${COMPLETION-CANDIDATES} (default: each that finds files).")
    private List<Pattern> patterns = new ArrayList<>();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that read, each one read at a time (default: ${DEFAULT-VALUE}).")
    private int threads = 4;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "Most time for a pattern (default: ${DEFAULT-VALUE}).")
    private String duration = "10s";

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "Most bytes for a pattern, all threads together (default: no limit).")
    private @Nullable String size;

    @Option(names = "--compare", paramLabel = "PATH", description = "Run on this directory or file too, and compare.")
    private @Nullable Path compared;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Another number reads at other places (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() throws IOException, InterruptedException, CommandException {
        BenchPlan plan = new BenchPlan(
                threads,
                Optional.ofNullable(size)
                        .map(ByteSize::parse)
                        .map(ByteSize::bytes)
                        .orElse(Long.MAX_VALUE),
                SettingType.duration(duration),
                seed);
        List<BenchFiles> trees = new ArrayList<>(List.of(BenchFiles.below(path)));
        if (compared != null) {
            trees.add(BenchFiles.below(compared));
        }
        List<BenchResult> results = new ArrayList<>();
        BenchProgress progress = BenchProgress.onTerminal(plan);
        BenchFiles warmUp = BenchFiles.below(Path.of(System.getProperty("java.home")));
        for (Pattern pattern : patterns(trees.getFirst())) {
            // Java compiles the loop meanwhile, which would count against the first tree.
            if (!warmUp.of(pattern).isEmpty()) {
                BenchResult _ = new BenchRun(pattern, warmUp, plan.warmUp(), progress).run();
            }
            for (BenchFiles tree : trees) {
                results.add(new BenchRun(pattern, tree, plan, progress).run());
            }
        }
        BenchReport report = new BenchReport(plan, path, results);
        System.out.print(output == OutputFormat.JSON ? report.asJson() : report.asText());
        return ExitCode.OK.status();
    }

    private List<Pattern> patterns(BenchFiles files) throws CommandException {
        if (!patterns.isEmpty()) {
            return patterns;
        }
        List<Pattern> fitting = List.of(Pattern.values()).stream()
                .filter(pattern -> !files.of(pattern).isEmpty())
                .toList();
        if (fitting.isEmpty()) {
            throw new CommandException(ExitCode.NOT_FOUND, path + " holds no file that is not empty");
        }
        return fitting;
    }
}
