package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** P10, the part seen through a mount: {@code ls} of many entries. */
final class Listings implements Scenario {
    private static final int TREE_DIRECTORIES = 100;
    private static final int TREE_FILES = 100;
    private static final int FLAT_FILES = 100_000;

    @Override
    public String id() {
        return "P10";
    }

    @Override
    public String question() {
        return "ls through the mount ÷ the same tree natively";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        Path origin = bench.folder("p10-origin");
        Path tree = Files.createDirectories(origin.resolve("tree"));
        for (int d = 0; d < TREE_DIRECTORIES; d++) {
            fill(Files.createDirectories(tree.resolve("part-" + d)), TREE_FILES);
        }
        fill(Files.createDirectories(origin.resolve("flat")), FLAT_FILES);
        Path mountPoint = bench.folder("p10-mount");
        try (MountedHeadrace mounted = MountedHeadrace.mount(
                bench.repository(),
                Map.of(),
                origin.toUri().toString(),
                mountPoint,
                "--cache",
                bench.folder("p10-cache") + ":1GiB")) {
            Path ours = mounted.directory();
            Workbench.Pairs recursive = bench.pairs(() -> list("-lR", tree), () -> list("-lR", ours.resolve("tree")));
            Workbench.Pairs flat =
                    bench.pairs(() -> list("-l", origin.resolve("flat")), () -> list("-l", ours.resolve("flat")));
            return List.of(
                    new Figure("ls -lR of 10 000", new AtMost(1.5), recursive.timeRatios(), seconds(recursive)),
                    new Figure("ls -l of 100 000", new AtMost(1.5), flat.timeRatios(), seconds(flat)));
        } finally {
            Workbench.deleteTree(origin);
        }
    }

    private static void fill(Path directory, int files) throws IOException {
        for (int i = 0; i < files; i++) {
            Files.createFile(directory.resolve("sample-%06d.jpg".formatted(i)));
        }
    }

    private static Timing list(String flags, Path directory) throws IOException, InterruptedException {
        Stopwatch stopwatch = Stopwatch.start();
        Process process = new ProcessBuilder("ls", flags, directory.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("ls " + flags + " " + directory + " failed");
        }
        return stopwatch.stop(1);
    }

    private static String seconds(Workbench.Pairs pairs) {
        return "native %.3f s, ours %.3f s (first pair)"
                .formatted(
                        pairs.limit().getFirst().seconds(),
                        pairs.ours().getFirst().seconds());
    }
}
