package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** P1 and P2m: a complete file through the mount against a file of the same bytes on the same disk. */
final class WarmReads implements Scenario {
    private static final long FILE_BYTES = 1L << 30;
    private static final int MEBIBYTE = 1 << 20;
    private static final int PASSES = 6;
    private static final int RANDOM_READS = 200_000;

    @Override
    public String id() {
        return "P1";
    }

    @Override
    public String question() {
        return "warm reads through the mount ÷ the same file natively";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        Path origin = bench.folder("p1-origin");
        Path file = origin.resolve("model.bin");
        Workbench.writeRandom(file, bench.scaled(FILE_BYTES), 1);
        Path mountPoint = bench.folder("p1-mount");
        try (MountedHeadrace mounted = MountedHeadrace.mount(
                bench.repository(),
                Map.of(),
                origin.toUri().toString(),
                mountPoint,
                "--memory",
                "0",
                "--cache",
                bench.folder("p1-cache") + ":8GiB")) {
            Path ours = mountPoint.resolve("model.bin");
            mounted.headrace("load", ours.toString());
            double before = Processes.cpuSeconds(mounted.pid());
            List<Figure> figures = List.of(
                    rate(
                            "read 1 MiB",
                            0.95,
                            bench.pairs(
                                    () -> passes(() -> Reads.sequential(file, MEBIBYTE)),
                                    () -> passes(() -> Reads.sequential(ours, MEBIBYTE)))),
                    rate(
                            "mmap, every byte",
                            0.95,
                            bench.pairs(
                                    () -> passes(() -> Reads.mappedWhole(file)),
                                    () -> passes(() -> Reads.mappedWhole(ours)))),
                    rate(
                            "4 KiB random",
                            0.90,
                            bench.pairs(
                                    () -> Reads.random(file, RANDOM_READS, 7),
                                    () -> Reads.random(ours, RANDOM_READS, 7))),
                    rate(
                            "P2m: mmap, one byte of every page",
                            0.9,
                            bench.pairs(
                                    () -> passes(() -> Reads.mappedPages(file)),
                                    () -> passes(() -> Reads.mappedPages(ours)))),
                    rate(
                            "P2m: read 1 MiB, the mount's page cache dropped before",
                            0.95,
                            bench.pairs(
                                    () -> passes(() -> Reads.sequential(file, MEBIBYTE)),
                                    () -> passes(() -> {
                                        Workbench.dropPageCache(ours);
                                        return Reads.sequential(ours, MEBIBYTE);
                                    }))));
            double daemonSeconds = Processes.cpuSeconds(mounted.pid()) - before;
            Figure first = figures.getFirst();
            return java.util.stream.Stream.concat(
                            java.util.stream.Stream.of(new Figure(
                                    first.name(),
                                    first.target(),
                                    first.samples(),
                                    first.detail() + String.format("; daemon %.2f CPU-s in all five", daemonSeconds))),
                            figures.stream().skip(1))
                    .toList();
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Several passes a sample: one takes a tenth of a second, no more than a busy neighbour does. */
    private static Timing passes(Workbench.Measurement once) throws Exception {
        Timing all = once.run();
        for (int i = 1; i < PASSES; i++) {
            all = all.plus(once.run());
        }
        return all;
    }

    private static Figure rate(String name, double bound, Workbench.Pairs pairs) {
        return new Figure(name, new AtLeast(bound), pairs.rateRatios(), pairs.detail());
    }
}
