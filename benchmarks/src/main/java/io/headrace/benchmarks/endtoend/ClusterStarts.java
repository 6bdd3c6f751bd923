package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import io.headrace.benchmarks.endtoend.ShapedCluster.Shape;
import io.headrace.testing.origin.VersionedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * P8 of a cluster: a model from an origin that limits each stream and all together; straight by one stream, the first time through
 * a mount, and again through a new mount that has nothing cached.
 */
final class ClusterStarts implements Scenario {
    /** A fortieth of 12.55 GiB. */
    private static final long MODEL_BYTES = 320L << 20;

    private static final long STREAM_BYTES_PER_SECOND = 12_500_000;
    private static final int ORIGIN_MEGABITS = 800;
    private static final int WORKERS = 3;
    private static final int LINK_MEGABITS = 4000;
    private static final int MEBIBYTE = 1 << 20;

    private record Starts(Timing straight, Timing first, Timing second) {}

    @Override
    public String id() {
        return "P8c";
    }

    @Override
    public String question() {
        return "320 MiB by a cluster, origin of 12.5 MB/s a stream and 100 MB/s in all: straight ÷ first ÷ second start";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        VersionedFiles files = new VersionedFiles(8, bench.repetitions(), (int) bench.scaled(MODEL_BYTES));
        Shape shape =
                new Shape(files, STREAM_BYTES_PER_SECOND, ORIGIN_MEGABITS, WORKERS, LINK_MEGABITS, 1, LINK_MEGABITS);
        try (ShapedCluster cluster = ShapedCluster.start(bench, "p8c", shape)) {
            cluster.startWorkers(1, WORKERS);
            cluster.mount();
            cluster.unmount();
            List<Starts> all = new ArrayList<>();
            try (ReaderHost straight = cluster.startReaders().getFirst()) {
                for (int round = 0; round < bench.repetitions(); round++) {
                    String file = VersionedFiles.name(round);
                    all.add(new Starts(
                            straight.ask("get " + cluster.originUri() + file),
                            mounted(cluster, file),
                            mounted(cluster, file)));
                }
            }
            return figures(all);
        }
    }

    /** A new mount whose cache is far smaller than the model. */
    private static Timing mounted(ShapedCluster cluster, String file) throws Exception {
        Path mount = cluster.mount();
        Timing timing = Reads.sequential(mount.resolve(file), MEBIBYTE);
        cluster.unmount();
        Workbench.deleteTree(cluster.hosts().folder(ShapedCluster.client(1)));
        return timing;
    }

    private static List<Figure> figures(List<Starts> all) {
        String detail = String.format(
                Locale.ROOT,
                "of the first of them: %.1f s, %.1f s, %.1f s",
                all.getFirst().straight().seconds(),
                all.getFirst().first().seconds(),
                all.getFirst().second().seconds());
        return List.of(
                new Figure(
                        "straight ÷ first start",
                        new AtLeast(5),
                        all.stream()
                                .map(starts -> starts.straight().seconds()
                                        / starts.first().seconds())
                                .toList(),
                        detail),
                new Figure(
                        "straight ÷ second start",
                        new AtLeast(15),
                        all.stream()
                                .map(starts -> starts.straight().seconds()
                                        / starts.second().seconds())
                                .toList(),
                        detail));
    }
}
