package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import io.headrace.benchmarks.endtoend.ShapedCluster.Shape;
import io.headrace.testing.cluster.HostedCluster;
import io.headrace.testing.origin.VersionedFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** P14: twenty gigabytes through a worker with a disk tier of 2 GiB, in 512 MiB of memory and without a limit, in turn. */
final class LimitedWorker implements Scenario {
    private static final long LIMIT = 512L << 20;
    private static final int TIER_MEBIBYTES = 2048;
    private static final int FILES = 20;
    private static final long FILE_BYTES = 1L << 30;
    private static final int READERS = 1;

    @Override
    public String id() {
        return "P14";
    }

    @Override
    public String question() {
        return "a worker of 512 MiB of memory streams 20 GiB: its rate ÷ that of one without a limit";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        int bytes = (int) bench.scaled(FILE_BYTES);
        Shape shape = new Shape(
                new VersionedFiles(14, FILES, bytes),
                0,
                ShapedCluster.UNLIMITED,
                1,
                ShapedCluster.UNLIMITED,
                1,
                ShapedCluster.UNLIMITED);
        try (MemoryLimit limit =
                        MemoryLimit.of("headrace-p14-" + ProcessHandle.current().pid(), LIMIT);
                ShapedCluster free = ShapedCluster.start(bench, "p14-free", shape);
                ShapedCluster limited = ShapedCluster.start(bench, "p14-limited", shape)) {
            ReaderHost ours = reader(limited, limit.wrapper());
            ReaderHost other = reader(free, List.of());
            List<Timing> limits = new ArrayList<>();
            List<Timing> own = new ArrayList<>();
            for (int file = 0; file < FILES; file++) {
                limits.add(other.ask("whole " + READERS + " " + file));
                own.add(ours.ask("whole " + READERS + " " + file));
            }
            long resident = Processes.residentBytes(
                    limited.hosts().process(ShapedCluster.worker(1)).process().pid());
            return figures(new Workbench.Pairs(limits, own), limit.killed(), resident);
        }
    }

    private static ReaderHost reader(ShapedCluster cluster, List<String> wrapper)
            throws IOException, InterruptedException {
        HostedCluster hosts = cluster.hosts();
        String worker = ShapedCluster.worker(1);
        hosts.startWorker(worker, Map.of(), hosts.worker(worker, cluster.master(), TIER_MEBIBYTES), wrapper);
        cluster.mount();
        cluster.unmount();
        return cluster.startReaders().getFirst();
    }

    private static List<Figure> figures(Workbench.Pairs pairs, long killed, long resident) {
        return List.of(
                new Figure("rate", new AtLeast(0.9), pairs.rateRatios(), pairs.detail()),
                new Figure(
                        "killed for want of memory",
                        new AtMost(0),
                        List.of((double) killed),
                        String.format(Locale.ROOT, "its own memory at the end: %d MiB", resident >> 20)));
    }
}
