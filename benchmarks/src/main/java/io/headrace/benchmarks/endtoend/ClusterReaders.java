package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import io.headrace.benchmarks.endtoend.ShapedCluster.Shape;
import io.headrace.testing.origin.VersionedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * P7 of a cluster: a hundred readers on four hosts read one cold file by way of four workers, through a mount on each host, and
 * by a client on each host that keeps nothing, so that all bytes cross the network for each reader.
 */
final class ClusterReaders implements Scenario {
    private static final int WORKERS = 4;
    private static final int CLIENTS = 4;
    private static final int READERS_OF_A_HOST = 25;
    private static final int ORIGIN_MEGABITS = 80;
    private static final long FILE_BYTES = 64L << 20;
    private static final int MOUNT_MEBIBYTES = 2048;
    private static final int MEBIBYTE = 1 << 20;

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

    @FunctionalInterface
    private interface Crowd {
        /** All read the file whole; returns when the last one has. */
        void read(int file) throws Exception;
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        int rounds = bench.repetitions();
        VersionedFiles files = new VersionedFiles(7, 2 * rounds, (int) bench.scaled(FILE_BYTES));
        Shape shape = new Shape(
                files, 0, ORIGIN_MEGABITS, WORKERS, ShapedCluster.UNLIMITED, CLIENTS, ShapedCluster.UNLIMITED);
        try (ShapedCluster cluster = ShapedCluster.start(bench, "p7r", shape)) {
            cluster.startWorkers(1, WORKERS);
            List<Path> mounts = new ArrayList<>();
            for (int client = 1; client <= CLIENTS; client++) {
                mounts.add(cluster.mount(client, MOUNT_MEBIBYTES));
            }
            List<ReaderHost> readers = cluster.startReaders();
            Rounds all = new Rounds(cluster, readers.getFirst(), rounds);
            List<Figure> figures =
                    new ArrayList<>(all.figures("through mounts", 0, file -> throughMounts(mounts, file)));
            figures.addAll(all.figures(
                    "who keep nothing", rounds, file -> keepingNothing(readers, file, files.lengthBytes())));
            for (int client = 1; client <= CLIENTS; client++) {
                cluster.unmount(client);
            }
            return figures;
        }
    }

    private static void throughMounts(List<Path> mounts, int file) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS * READERS_OF_A_HOST)) {
            List<Future<Timing>> all = new ArrayList<>();
            for (Path mount : mounts) {
                Path path = mount.resolve(VersionedFiles.name(file));
                for (int i = 0; i < READERS_OF_A_HOST; i++) {
                    all.add(threads.submit(() -> Reads.sequential(path, MEBIBYTE)));
                }
            }
            for (Future<Timing> one : all) {
                one.get();
            }
        }
    }

    private static void keepingNothing(List<ReaderHost> readers, int file, int bytes) throws IOException {
        for (ReaderHost reader : readers) {
            reader.tell("whole " + READERS_OF_A_HOST + " " + file);
        }
        for (ReaderHost reader : readers) {
            if (reader.result().bytes() != (long) READERS_OF_A_HOST * bytes) {
                throw new IOException("a reader did not get the whole file");
            }
        }
    }

    /** Each round has a file of its own, which is cold. */
    private record Rounds(ShapedCluster cluster, ReaderHost straight, int count) {
        List<Figure> figures(String who, int firstFile, Crowd crowd) throws Exception {
            List<Round> rounds = new ArrayList<>();
            for (int file = firstFile; file < firstFile + count; file++) {
                rounds.add(round(file, crowd));
            }
            return List.of(
                    new Figure(
                            who + ": origin bytes ÷ unique bytes",
                            new AtMost(1.0),
                            rounds.stream().map(Round::originShare).toList(),
                            "counted at the origin"),
                    new Figure(
                            who + ": time ÷ one download straight from the origin",
                            new AtMost(1.1),
                            rounds.stream().map(Round::timeShare).toList(),
                            String.format(
                                    Locale.ROOT,
                                    "until the last reader ends; %.1f s straight",
                                    rounds.getFirst().direct())));
        }

        private Round round(int file, Crowd crowd) throws Exception {
            Timing direct = straight.ask("get " + cluster.originUri() + VersionedFiles.name(file));
            long sent = cluster.originBytes();
            long started = System.nanoTime();
            crowd.read(file);
            double seconds = (System.nanoTime() - started) / 1e9;
            double share = (cluster.originBytes() - sent) / (double) direct.bytes();
            return new Round(share, seconds / direct.seconds(), direct.seconds());
        }
    }
}
