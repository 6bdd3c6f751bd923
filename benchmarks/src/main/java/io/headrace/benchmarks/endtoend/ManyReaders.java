package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import io.headrace.cli.demo.StoreProcess;
import io.headrace.testing.oss.OssServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** P7: many read one object at once, none of whose bytes is here; an OSS origin of a stated rate. */
final class ManyReaders implements Scenario {
    private static final long OBJECT_BYTES = 512L << 20;
    /** What the readers copy out of the page cache meanwhile, 54 GB, has to leave two processors room. */
    private static final long ORIGIN_BYTES_PER_SECOND = 50_000_000;

    private static final int READERS = 100;
    private static final int MEBIBYTE = 1 << 20;

    private record Round(double originShare, double timeShare) {}

    @Override
    public String id() {
        return "P7";
    }

    @Override
    public String question() {
        return READERS + " cold readers of one object, origin of " + ORIGIN_BYTES_PER_SECOND / 1_000_000 + " MB/s";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        Path buckets = bench.folder("p7-origin");
        Path bucket = Files.createDirectory(buckets.resolve("models"));
        for (int round = 0; round < bench.repetitions(); round++) {
            Workbench.writeRandom(bucket.resolve(object(round)), bench.scaled(OBJECT_BYTES), 7 + round);
        }
        OssServerOptions options = OssServerOptions.of(buckets);
        Map<String, String> credentials = Map.of(
                "OSS_ACCESS_KEY_ID", OssServerOptions.OWNER.accessKeyId(),
                "OSS_ACCESS_KEY_SECRET", OssServerOptions.OWNER.accessKeySecret());
        try (StoreProcess store = StoreProcess.start(buckets, ORIGIN_BYTES_PER_SECOND);
                MountedHeadrace mounted = MountedHeadrace.mount(
                        bench.repository(),
                        credentials,
                        "oss://models/",
                        bench.folder("p7-mount"),
                        "--endpoint",
                        store.endpoint().toString(),
                        "--region",
                        options.region(),
                        "--cache",
                        bench.folder("p7-cache") + ":8GiB")) {
            double before = mounted.cpuSeconds();
            List<Round> rounds = new ArrayList<>();
            for (int round = 0; round < bench.repetitions(); round++) {
                rounds.add(round(store, mounted.directory().resolve(object(round))));
            }
            double daemon = (mounted.cpuSeconds() - before) / (rounds.size() * bench.scaled(OBJECT_BYTES) / 1e9);
            return List.of(
                    new Figure(
                            "origin bytes ÷ unique bytes",
                            new AtMost(1.0),
                            rounds.stream().map(Round::originShare).toList(),
                            "counted at the origin"),
                    new Figure(
                            "time ÷ (size ÷ origin rate)",
                            new AtMost(1.1),
                            rounds.stream().map(Round::timeShare).toList(),
                            String.format(Locale.ROOT, "until the last reader ends; daemon %.2f CPU-s/GB", daemon)));
        } finally {
            Workbench.deleteTree(buckets);
        }
    }

    /** Each round has its own: an object that was read is not cold again as soon as it is evicted. */
    private static String object(int round) {
        return "model-" + round + ".bin";
    }

    private static Round round(StoreProcess store, Path ours) throws Exception {
        long sent = store.sentBytes();
        long started = System.nanoTime();
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<Timing>> all = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                all.add(readers.submit(() -> Reads.sequential(ours, MEBIBYTE)));
            }
            for (Future<Timing> one : all) {
                one.get();
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        double size = Files.size(ours);
        return new Round((store.sentBytes() - sent) / size, seconds / (size / ORIGIN_BYTES_PER_SECOND));
    }
}
