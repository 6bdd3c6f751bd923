package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import io.headrace.benchmarks.endtoend.ShapedCluster.Shape;
import io.headrace.testing.origin.VersionedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * P6: what one, two, four and eight workers with links of one rate bring to eight readers' hosts with such links, where each
 * block is kept once, and where hot data has two copies, of which a client reads the one that it reads less from.
 */
final class ClusterScaling implements Scenario {
    private static final int MOST_WORKERS = 8;
    private static final int CLIENTS = 8;
    private static final int MEGABITS = 160;
    private static final int FILES = 8;
    private static final long FILE_BYTES = 256L << 20;
    private static final int READERS = 16;
    private static final int SECONDS = 5;

    @Override
    public String id() {
        return "P6";
    }

    @Override
    public String question() {
        return "1 to 8 workers, links of " + MEGABITS + " Mbit/s, " + CLIENTS + " clients: aggregate ÷ linear";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        VersionedFiles files = new VersionedFiles(6, FILES, (int) bench.scaled(FILE_BYTES));
        Shape shape =
                new Shape(files, 0, ShapedCluster.UNLIMITED, MOST_WORKERS, ShapedCluster.UNLIMITED, CLIENTS, MEGABITS);
        try (ShapedCluster cluster = ShapedCluster.start(bench, "p6", shape)) {
            Map<Integer, List<Double>> rates = new TreeMap<>();
            List<ReaderHost> readers = List.of();
            long origin = 0;
            for (int workers = 1; workers <= MOST_WORKERS; workers *= 2) {
                cluster.startWorkers(workers / 2 + 1, workers);
                if (workers == 1) {
                    cluster.mount();
                    cluster.unmount();
                    readers = cluster.startReaders();
                }
                // New owners get their blocks from the owners before.
                cluster.load(1);
                if (workers == 1) {
                    origin = cluster.originBytes();
                }
                rates.put(workers, shaped(cluster, bench, readers));
            }
            cluster.load(2);
            List<Double> copied = shaped(cluster, bench, readers);
            double unique = (double) FILES * files.lengthBytes();
            List<Figure> figures = new ArrayList<>(figures(rates, copied));
            figures.add(new Figure(
                    "origin bytes ÷ unique bytes",
                    new AtMost(1),
                    List.of(cluster.originBytes() / unique),
                    String.format(Locale.ROOT, "%.3f when one worker had loaded all", origin / unique)));
            return figures;
        }
    }

    private static List<Double> shaped(ShapedCluster cluster, Workbench bench, List<ReaderHost> readers)
            throws IOException {
        cluster.shapeWorkers(MEGABITS);
        try {
            return read(readers, bench.repetitions());
        } finally {
            cluster.shapeWorkers(ShapedCluster.UNLIMITED);
        }
    }

    /** The rate of all readers in each round, in MB/s. */
    private static List<Double> read(List<ReaderHost> readers, int rounds) throws IOException {
        for (ReaderHost reader : readers) {
            reader.tell("random " + READERS + " " + rounds + " " + SECONDS + " " + FILES);
        }
        double[] rates = new double[rounds];
        for (ReaderHost reader : readers) {
            for (int i = 0; i < rounds; i++) {
                rates[i] += reader.result().bytesPerSecond() / 1e6;
            }
        }
        return Arrays.stream(rates).boxed().toList();
    }

    private static List<Figure> figures(Map<Integer, List<Double>> rates, List<Double> copied) {
        double one = median(rates.getOrDefault(1, List.of()));
        StringBuilder behind = new StringBuilder("medians in MB/s, of a link's " + MEGABITS / 8 + " a worker:");
        rates.forEach(
                (workers, samples) -> behind.append(String.format(Locale.ROOT, " %d: %.1f", workers, median(samples))));
        List<Figure> figures = new ArrayList<>();
        rates.forEach((workers, samples) -> {
            if (workers > 1) {
                figures.add(ofLinear(workers + " workers, each block once", samples, workers * one, behind.toString()));
            }
        });
        figures.add(ofLinear(
                MOST_WORKERS + " workers, each block twice",
                copied,
                MOST_WORKERS * one,
                String.format(Locale.ROOT, "median %.1f MB/s", median(copied))));
        return figures;
    }

    private static Figure ofLinear(String what, List<Double> rates, double linear, String detail) {
        return new Figure(
                what,
                new AtLeast(0.95),
                rates.stream().map(rate -> rate / linear).toList(),
                detail);
    }

    private static double median(List<Double> samples) {
        return new Figure("", new AtLeast(0), samples, "").median();
    }
}
