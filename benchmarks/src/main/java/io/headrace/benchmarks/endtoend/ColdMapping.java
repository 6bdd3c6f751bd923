package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * P3: a loader maps what the kernel does not hold yet, against one that reads the same mount from start to end. Once with
 * the bytes in the disk tier and passthrough off, once from an origin that is faster than 2 GB/s: a file in the page cache.
 */
final class ColdMapping implements Scenario {
    private static final long FILE_BYTES = 1L << 30;
    private static final int MEBIBYTE = 1 << 20;
    private static final double LEAST_READ_BYTES = 512 << 10;

    @Override
    public String id() {
        return "P3";
    }

    @Override
    public String question() {
        return "cold mmap load ÷ sequential read of the same mount";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        Path origin = bench.folder("p3-origin");
        Path file = origin.resolve("model.bin");
        Workbench.writeRandom(file, bench.scaled(FILE_BYTES), 3);
        try (MountedHeadrace mounted = MountedHeadrace.mount(
                bench.repository(),
                Map.of(),
                origin.toUri().toString(),
                bench.folder("p3-mount"),
                "--no-passthrough",
                "--memory",
                "0",
                "--cache",
                bench.folder("p3-cache") + ":8GiB")) {
            Path ours = mounted.directory().resolve("model.bin");
            List<Figure> figures = new ArrayList<>();
            figures.addAll(figures(bench, "from an origin in the page cache", mounted, () -> {
                mounted.headrace("evict", ours.toString());
                Workbench.dropPageCache(ours);
                Workbench.warm(file);
            }));
            mounted.headrace("load", ours.toString());
            figures.addAll(figures(bench, "served from the disk tier", mounted, () -> Workbench.dropPageCache(ours)));
            return figures;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Makes the next read a cold one. */
    @FunctionalInterface
    private interface Cooling {
        void run() throws Exception;
    }

    private static List<Figure> figures(Workbench bench, String where, MountedHeadrace mounted, Cooling cooling)
            throws Exception {
        Path ours = mounted.directory().resolve("model.bin");
        List<Double> readBytes = new ArrayList<>();
        double before = mounted.cpuSeconds();
        Workbench.Pairs pairs = bench.pairs(
                () -> {
                    cooling.run();
                    return Reads.sequential(ours, MEBIBYTE);
                },
                () -> {
                    cooling.run();
                    long reads = mounted.servedReads();
                    Timing timing = Reads.mappedWhole(ours);
                    readBytes.add(timing.bytes() / (double) Math.max(1, mounted.servedReads() - reads));
                    return timing;
                });
        double gigabytes = 2.0 * (bench.repetitions() + 1) * Files.size(ours) / 1e9;
        String daemon = String.format(
                Locale.ROOT, "; daemon %.2f CPU-s/GB in both", (mounted.cpuSeconds() - before) / gigabytes);
        return List.of(
                new Figure("mmap ÷ read, " + where, new AtLeast(0.8), pairs.rateRatios(), pairs.detail() + daemon),
                new Figure(
                        "bytes in a READ, mmap, " + where,
                        new AtLeast(LEAST_READ_BYTES),
                        readBytes.subList(1, readBytes.size()),
                        "mean of each pass"));
    }
}
