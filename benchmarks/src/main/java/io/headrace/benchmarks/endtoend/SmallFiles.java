package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * P11: one thread opens, reads and closes small files at random. Warm against the same files natively; cold, from an S3
 * server, against JuiceFS and s3fs on that server ({@code benchmarks/install-peers}).
 */
final class SmallFiles implements Scenario {
    private static final int DIRECTORIES = 100;
    private static final int FILES_IN_EACH = 100;
    private static final int FILE_BYTES = 128 << 10;
    private static final int READ = 2000;
    private static final int READ_BY_PEERS = 500;
    private static final int UPLOADS = 8;

    @Override
    public String id() {
        return "P11";
    }

    @Override
    public String question() {
        return "10 000 files of 128 KiB, read at random by one thread";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        Path tree = bench.folder("p11");
        List<String> names = fill(tree, Math.max(4, (int) (DIRECTORIES * bench.scale())));
        try (S3Origin origin = S3Origin.start()) {
            upload(origin, tree, names);
            List<Figure> figures = new ArrayList<>(ours(bench, origin, new SmallReads(tree, names)));
            double cold = figures.getLast().median();
            double best = 0;
            for (Peer peer : List.of(new JuiceFs(bench, origin, tree), new S3fs(bench, origin))) {
                try (peer) {
                    List<Double> rates = bench.repeated(() -> {
                        Path mount = peer.mountCold();
                        return new SmallReads(mount, names).filesPerSecond(READ_BY_PEERS, 11);
                    });
                    Figure figure = new Figure("cold files/s of " + peer.name(), new AtLeast(0), rates, "the peer");
                    figures.add(figure);
                    best = Math.max(best, figure.median());
                }
            }
            figures.add(new Figure(
                    "cold files/s ÷ the best peer's", new AtLeast(5), List.of(cold / best), "of the medians above"));
            return figures;
        } finally {
            Workbench.deleteTree(tree);
        }
    }

    private static List<Figure> ours(Workbench bench, S3Origin origin, SmallReads natively) throws Exception {
        try (MountedHeadrace mounted = origin.mount(bench, "p11")) {
            SmallReads reads = natively.in(mounted.directory());
            List<Double> cpu = new ArrayList<>();
            List<Double> cold = bench.repeated(() -> {
                mounted.headrace("evict", mounted.directory().toString());
                Workbench.dropKernelCaches();
                double before = mounted.cpuSeconds();
                double rate = reads.filesPerSecond(READ, 11);
                cpu.add(mounted.cpuSeconds() - before);
                return rate;
            });
            mounted.headrace("load", mounted.directory().toString());
            Workbench.Pairs warm = bench.pairs(() -> natively.read(READ, 12), () -> reads.read(READ, 12));
            return List.of(
                    new Figure("warm ÷ native", new AtLeast(0.4), warm.rateRatios(), warm.detail()),
                    new Figure(
                            "cold files/s",
                            new AtLeast(0),
                            cold,
                            String.format(
                                    Locale.ROOT,
                                    "daemon %.2f CPU-ms a file read (last)",
                                    cpu.getLast() / READ * 1000)));
        }
    }

    private static List<String> fill(Path tree, int directories) throws Exception {
        List<String> names = new ArrayList<>();
        for (int d = 0; d < directories; d++) {
            Files.createDirectory(tree.resolve("d" + d));
            for (int f = 0; f < FILES_IN_EACH; f++) {
                String name = "d" + d + "/sample-" + f;
                Workbench.writeRandom(tree.resolve(name), FILE_BYTES, d * 1000L + f);
                names.add(name);
            }
        }
        return names;
    }

    private static void upload(S3Origin origin, Path tree, List<String> names) throws Exception {
        try (ExecutorService uploads = Executors.newFixedThreadPool(UPLOADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (String name : names) {
                all.add(uploads.submit(() -> origin.put(name, tree.resolve(name))));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }
}
