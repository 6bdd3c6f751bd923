package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import io.headrace.benchmarks.endtoend.ShapedCluster.Shape;
import io.headrace.testing.origin.VersionedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** P7 of a cluster: a hundred readers on four hosts, who keep nothing, read one cold file by way of four workers. */
final class ClusterReaders implements Scenario {
    private static final int WORKERS = 4;
    private static final int CLIENTS = 4;
    private static final int READERS_OF_A_HOST = 25;
    private static final int ORIGIN_MEGABITS = 80;
    private static final long FILE_BYTES = 64L << 20;

    private record Round(double originShare, double timeShare, double direct) {}

    @Override
    public String id() {
        return "P7r";
    }

    @Override
    public String question() {
        return CLIENTS * READERS_OF_A_HOST + " cold readers over " + WORKERS + " workers, origin of "
                + ORIGIN_MEGABITS / 8 + " MB/s";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        VersionedFiles files = new VersionedFiles(7, bench.repetitions(), (int) bench.scaled(FILE_BYTES));
        Shape shape = new Shape(
                files, 0, ORIGIN_MEGABITS, WORKERS, ShapedCluster.UNLIMITED, CLIENTS, ShapedCluster.UNLIMITED);
        try (ShapedCluster cluster = ShapedCluster.start(bench, "p7r", shape)) {
            cluster.startWorkers(1, WORKERS);
            cluster.mount();
            cluster.unmount();
            List<ReaderHost> readers = cluster.startReaders();
            List<Round> rounds = new ArrayList<>();
            for (int round = 0; round < bench.repetitions(); round++) {
                rounds.add(round(cluster, readers, round, files.lengthBytes()));
            }
            return figures(rounds);
        }
    }

    /** Each round has a file of its own, which is cold. */
    private static Round round(ShapedCluster cluster, List<ReaderHost> readers, int file, int bytes)
            throws IOException {
        Timing direct = readers.getFirst().ask("get " + cluster.originUri() + VersionedFiles.name(file));
        long sent = cluster.originBytes();
        long started = System.nanoTime();
        for (ReaderHost reader : readers) {
            reader.tell("whole " + READERS_OF_A_HOST + " " + file);
        }
        for (ReaderHost reader : readers) {
            if (reader.result().bytes() != (long) READERS_OF_A_HOST * bytes) {
                throw new IOException("a reader did not get the whole file");
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Round((cluster.originBytes() - sent) / (double) bytes, seconds / direct.seconds(), direct.seconds());
    }

    private static List<Figure> figures(List<Round> rounds) {
        return List.of(
                new Figure(
                        "origin bytes ÷ unique bytes",
                        new AtMost(1.0),
                        rounds.stream().map(Round::originShare).toList(),
                        "counted at the origin"),
                new Figure(
                        "time ÷ one download straight from the origin",
                        new AtMost(1.1),
                        rounds.stream().map(Round::timeShare).toList(),
                        String.format(
                                Locale.ROOT,
                                "until the last reader ends; %.1f s straight",
                                rounds.getFirst().direct())));
    }
}
